import type { Dispatcher } from 'undici';
import type { FetchOutcome, FetchRequest, Headers } from '../../core/ports/fetcher.ts';
import { failureOf } from './network-failure.ts';

type Controller = Dispatcher.DispatchController;

/** Of an answer without a picture this much is read, so that its connection can be kept, in bytes. */
const MAX_DRAINED_BYTES = 64 * 1024;

/** One exchange under one time limit: gathers what undici tells, and resolves exactly once. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: FetchRequest;
  readonly #resolve: (outcome: FetchOutcome) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Controller | undefined;
  #over = false;
  #httpStatus: number | undefined;
  #headers: Headers = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(request: FetchRequest, resolve: (outcome: FetchOutcome) => void) {
    this.#request = request;
    this.#resolve = resolve;
    this.#timer = setTimeout(() => this.#onTimeout(), request.timeoutMs);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('too late'));
  }

  onResponseStart(
    _: Controller,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (statusCode < 200) return;
    this.#httpStatus = statusCode;
    this.#headers = flatten(headers);
    if (!this.#wanted()) return;
    if (this.#request.wantsBody?.(this.#headers) === false) this.#refuseBody();
    const announced = Number(this.#headers['content-length'] ?? 0);
    if (announced > this.#request.maxBytes && this.#request.mayCut !== true)
      this.#tooLarge(announced);
  }

  onResponseData(_: Controller, chunk: Buffer): void {
    if (this.#over) return;
    this.#bytes += chunk.length;
    if (this.#wanted()) {
      this.#chunks.push(chunk);
      if (this.#bytes > this.#request.maxBytes) this.#full();
    } else if (this.#bytes > MAX_DRAINED_BYTES) this.#stop(this.#outcome());
  }

  onResponseEnd(): void {
    this.#finish(this.#outcome());
  }

  onResponseError(_: Controller | undefined, error: Error): void {
    const failure = failureOf(error, this.#httpStatus !== undefined);
    this.#finish(this.#isSettled() ? this.#outcome() : this.#failed(failure));
  }

  #onTimeout(): void {
    const detail = `not over after ${this.#request.timeoutMs} ms, ${this.#bytes} bytes received`;
    this.#stop(this.#isSettled() ? this.#outcome() : this.#failed({ reason: 'timeout', detail }));
  }

  /** The status says it all: what happens to the rest of the answer changes nothing. */
  #isSettled(): boolean {
    return this.#httpStatus !== undefined && !this.#wanted();
  }

  #wanted(): boolean {
    return this.#httpStatus === 200 || this.#httpStatus === 203;
  }

  #full(): void {
    if (this.#request.mayCut === true) this.#stop(this.#outcome());
    else this.#tooLarge(this.#bytes);
  }

  /** The head is all of the answer that anyone wants. */
  #refuseBody(): void {
    const httpStatus = this.#httpStatus ?? 0;
    this.#stop({ kind: 'no-body', httpStatus, headers: this.#headers });
  }

  #tooLarge(bytes: number): void {
    const detail = `${bytes} bytes, allowed are ${this.#request.maxBytes}`;
    this.#stop(this.#failed({ reason: 'too-large', detail }));
  }

  #failed(failure: ReturnType<typeof failureOf>): FetchOutcome {
    const contentType = this.#headers['content-type'];
    return { kind: 'failed', ...failure, httpStatus: this.#httpStatus, contentType };
  }

  #outcome(): FetchOutcome {
    const httpStatus = this.#httpStatus ?? 0;
    if (!this.#wanted()) return { kind: 'no-body', httpStatus, headers: this.#headers };
    const [only] = this.#chunks;
    const body =
      this.#chunks.length === 1 && only !== undefined
        ? only
        : Buffer.concat(this.#chunks, this.#bytes);
    return { kind: 'body', httpStatus, headers: this.#headers, body };
  }

  /** The outcome is known before the exchange is over: the connection is given up. */
  #stop(outcome: FetchOutcome): void {
    this.#finish(outcome);
    this.#controller?.abort(new Error('no longer wanted'));
  }

  #finish(outcome: FetchOutcome): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#chunks = [];
    this.#resolve(outcome);
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Headers {
  const flat: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) {
    flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

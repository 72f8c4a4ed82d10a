import type { Dispatcher } from 'undici';
import type { FetchOutcome, FetchRequest, Headers } from '../../core/ports/fetcher.ts';
import type { ByteBudget, ByteHold } from './byte-budget.ts';
import { GrowingBody } from './growing-body.ts';
import { failureOf } from './network-failure.ts';
import { isOfKeptConnection } from './stale-connection.ts';

type Controller = Dispatcher.DispatchController;

/** Of an answer without a picture this much is read, so that its connection can be kept, in bytes. */
const MAX_DRAINED_BYTES = 64 * 1024;
/** And for so long, in milliseconds. */
const MAX_DRAIN_MS = 1000;
/** Limits inside an exchange; the one for all of it comes with each request. */
export interface TransferLimits {
  /** From the request to the head of its answer, in milliseconds. */
  readonly firstByteMs: number;
  /** Between two pieces of an answer, in milliseconds. */
  readonly idleMs: number;
}

/** One exchange under its time limits: gathers what undici tells, and resolves exactly once. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: FetchRequest;
  readonly #resolve: (outcome: FetchOutcome) => void;
  readonly #limits: TransferLimits;
  readonly #hold: ByteHold;
  #timer: NodeJS.Timeout;
  #controller: Controller | undefined;
  #over = false;
  #brokeUnanswered = false;
  #httpStatus: number | undefined;
  #headers: Headers = {};
  #body: GrowingBody | undefined;
  #bytes = 0;
  /** All in milliseconds of the monotonic clock. */
  #deadlineMs: number;
  #lastNewsMs: number;
  #pausedSinceMs: number | undefined;

  constructor(
    request: FetchRequest,
    limits: TransferLimits,
    budget: ByteBudget,
    resolve: (outcome: FetchOutcome) => void,
  ) {
    this.#request = request;
    this.#resolve = resolve;
    this.#limits = limits;
    this.#hold = budget.open(() => this.#resume());
    this.#lastNewsMs = performance.now();
    this.#deadlineMs = this.#lastNewsMs + request.timeoutMs;
    this.#timer = this.#arm();
  }

  /** Whether a kept connection broke before the answer began: another one may bring it. */
  get brokeUnanswered(): boolean {
    return this.#brokeUnanswered;
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    this.#lastNewsMs = performance.now();
    if (this.#over) controller.abort(new Error('too late'));
    else this.#request.onSent?.();
  }

  onResponseStart(
    _: Controller,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (statusCode < 200) return;
    this.#httpStatus = statusCode;
    this.#headers = flatten(headers);
    this.#lastNewsMs = performance.now();
    if (!this.#wanted()) this.#beginDrain();
    else if (this.#request.wantsBody?.(this.#headers) === false) this.#refuseBody();
    else this.#beginBody(Number(this.#headers['content-length'] ?? 0));
  }

  #beginBody(announced: number): void {
    const { maxBytes, mayCut } = this.#request;
    this.#body = new GrowingBody(Math.min(announced, maxBytes));
    if (announced > maxBytes && mayCut !== true) this.#tooLarge(announced);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#over) return;
    this.#bytes += chunk.length;
    this.#lastNewsMs = performance.now();
    if (!this.#wanted()) {
      if (this.#bytes > MAX_DRAINED_BYTES) this.#stop(this.#outcome());
      return;
    }
    const mayGoOn = this.#hold.take(chunk.length);
    this.#body?.push(chunk);
    if (this.#bytes > this.#request.maxBytes) this.#full();
    else if (!mayGoOn) this.#pause(controller);
  }

  onResponseEnd(): void {
    this.#finish(this.#outcome());
  }

  onResponseError(_: Controller | undefined, error: Error): void {
    const isAnswered = this.#httpStatus !== undefined;
    const failure = failureOf(error, isAnswered);
    const isLost = failure.reason === 'connection-lost';
    this.#brokeUnanswered = !this.#over && !isAnswered && isLost && isOfKeptConnection(error);
    this.#finish(this.#isSettled() ? this.#outcome() : this.#failed(failure));
  }

  /** One timer for all limits, set anew only when it goes off: a piece costs no timer of its own. */
  #arm(): NodeJS.Timeout {
    return setTimeout(
      () => this.#look(),
      Math.max(1, Math.ceil(this.#nextLimit().atMs - performance.now())),
    );
  }

  #look(): void {
    const { atMs, detail } = this.#nextLimit();
    if (performance.now() < atMs) this.#timer = this.#arm();
    else this.#stop(this.#isSettled() ? this.#outcome() : this.#timedOut(detail));
  }

  /** The limit that would pass first, if nothing more came. None passes while it has to wait for us. */
  #nextLimit(): { readonly atMs: number; readonly detail: string } {
    const { timeoutMs } = this.#request;
    if (this.#pausedSinceMs !== undefined) {
      const waitedMs = performance.now() - this.#pausedSinceMs;
      return { atMs: this.#deadlineMs + waitedMs, detail: `not over after ${timeoutMs} ms` };
    }
    const quiet = this.#quietLimit();
    if (quiet.atMs < this.#deadlineMs) return quiet;
    return { atMs: this.#deadlineMs, detail: `not over after ${timeoutMs} ms` };
  }

  #quietLimit() {
    const { firstByteMs, idleMs } = this.#limits;
    return this.#httpStatus === undefined
      ? { atMs: this.#lastNewsMs + firstByteMs, detail: `no answer after ${firstByteMs} ms` }
      : { atMs: this.#lastNewsMs + idleMs, detail: `nothing came for ${idleMs} ms` };
  }

  #timedOut(detail: string): FetchOutcome {
    return this.#failed({ reason: 'timeout', detail: `${detail}, ${this.#bytes} bytes received` });
  }

  #pause(controller: Controller): void {
    this.#pausedSinceMs = performance.now();
    controller.pause();
  }

  /** The time that we needed is not the host's. */
  #resume(): void {
    if (this.#pausedSinceMs === undefined) return;
    const now = performance.now();
    this.#deadlineMs += now - this.#pausedSinceMs;
    this.#lastNewsMs = now;
    this.#pausedSinceMs = undefined;
    // Never inside the parser of the one that made room: undici has one for all.
    setImmediate(() => this.#controller?.resume());
  }

  /** What follows changes nothing; it is read for the sake of the connection, and not for long. */
  #beginDrain(): void {
    this.#deadlineMs = Math.min(this.#deadlineMs, this.#lastNewsMs + MAX_DRAIN_MS);
    clearTimeout(this.#timer);
    this.#timer = this.#arm();
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
    const headers = this.#headers;
    if (!this.#wanted() || this.#body === undefined)
      return { kind: 'no-body', httpStatus, headers };
    const body = this.#body;
    const release = () => {
      body.free();
      this.#hold.release();
    };
    return { kind: 'body', httpStatus, headers, body: body.whole(), release };
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
    if (outcome.kind === 'body') this.#hold.complete();
    else {
      this.#body?.free();
      this.#hold.release();
    }
    this.#body = undefined;
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

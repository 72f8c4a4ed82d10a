import type { Dispatcher } from 'undici';
import type {
  ExchangeHead,
  FetchOutcome,
  FetchRequest,
  Headers,
} from '../../core/ports/fetcher.ts';
import type { ByteBudget, ByteHold } from './byte-budget.ts';
import { type Connection, UnsentError } from './connection.ts';
import { type Content, contentOf, NO_CONTENT } from './content.ts';
import { ExchangeClock, type TransferLimits } from './exchange-clock.ts';
import { headOf, type SentRequest } from './exchange-head.ts';
import { flatHeaders } from './flat-headers.ts';
import { GrowingBody } from './growing-body.ts';
import { failureOf, platformFaultOf } from './network-failure.ts';
import { isOfKeptConnection } from './stale-connection.ts';

type Controller = Dispatcher.DispatchController;

/** Of an answer without a picture this much is read, so that its connection can be kept, in bytes. */
const MAX_DRAINED_BYTES = 64 * 1024;
/** And for so long, in milliseconds. */
const MAX_DRAIN_MS = 1000;
/** Where the end of an exchange is told, once. */
export interface ExchangeEnd {
  readonly resolve: (outcome: FetchOutcome) => void;
  /** For infrastructure errors: there is no socket to be had. */
  readonly reject: (error: Error) => void;
}

/** One exchange under its time limits: gathers what undici tells, and resolves exactly once. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: FetchRequest;
  readonly #sent: SentRequest;
  readonly #end: ExchangeEnd;
  readonly #clock: ExchangeClock;
  readonly #budget: ByteBudget;
  #hold: ByteHold | undefined;
  #connection: Pick<Connection, 'publicAddress'> | undefined;
  #controller: Controller | undefined;
  #over = false;
  #isUnsent = false;
  #brokeUnanswered = false;
  #isTimedOut = false;
  #httpStatus: number | undefined;
  #headers: Headers = {};
  #head: ExchangeHead | undefined;
  #content: Content = NO_CONTENT;
  #body: GrowingBody | undefined;
  #bytes = 0;

  constructor(
    request: FetchRequest,
    sent: SentRequest,
    limits: TransferLimits,
    budget: ByteBudget,
    end: ExchangeEnd,
  ) {
    this.#request = request;
    this.#sent = sent;
    this.#end = end;
    this.#budget = budget;
    this.#clock = new ExchangeClock(limits, request.timeoutMs, (detail) => this.#expired(detail));
  }

  /** Whether its outcome is known. */
  get isOver(): boolean {
    return this.#over;
  }

  /** Whether a time limit of it has passed. */
  get isTimedOut(): boolean {
    return this.#isTimedOut;
  }

  /** Whether the connection ended before the request went out: the host never saw it. */
  get isUnsent(): boolean {
    return this.#isUnsent;
  }

  /** Whether a kept connection broke before the answer began: another one may bring it. */
  get brokeUnanswered(): boolean {
    return this.#brokeUnanswered;
  }

  /** It waits for a socket: the time that we need is not the host's. */
  awaitSocket(): void {
    this.#clock.pause();
  }

  /** It is sent on this connection, as soon as that is open. */
  beginOn(connection: Pick<Connection, 'publicAddress'>): void {
    this.#connection = connection;
    this.beginConnect();
  }

  /** It has one, or the connection that it waits for has one. */
  beginConnect(): void {
    this.#clock.resume();
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    this.#clock.sent();
    if (this.#over) controller.abort(new Error('too late'));
    else this.#request.onSent?.();
  }

  onResponseStart(
    { rawHeaders }: Controller,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
    statusText?: string,
  ): void {
    if (statusCode < 200) return;
    this.#httpStatus = statusCode;
    this.#headers = flatHeaders(headers);
    if (this.#request.keepsHead === true)
      this.#head = headOf(this.#sent, { code: statusCode, text: statusText }, rawHeaders);
    this.#content = contentOf(statusCode, this.#headers);
    this.#clock.answered();
    if (this.#content.kind === 'part') this.#truncated(this.#content.detail);
    // What follows changes nothing; it is read for the sake of the connection, and not for long.
    else if (!this.#wanted()) this.#clock.shorten(MAX_DRAIN_MS);
    else if (this.#request.wantsBody?.(this.#headers) === false) this.#refuseBody();
    else this.#beginBody(Number(this.#headers['content-length'] ?? 0));
  }

  #beginBody(announced: number): void {
    const { maxBytes, mayCut } = this.#request;
    // Not before: the oldest one may always go on, and must not be one that waits for its host.
    this.#hold = this.#budget.open(() => this.#resume());
    this.#body = new GrowingBody(Math.min(announced, maxBytes));
    if (announced > maxBytes && mayCut !== true) this.#tooLarge(announced);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#over) return;
    this.#bytes += chunk.length;
    this.#clock.received();
    if (!this.#wanted()) {
      if (this.#bytes > MAX_DRAINED_BYTES) this.#stop(this.#outcome());
      return;
    }
    const mayGoOn = this.#hold?.take(chunk.length) !== false;
    this.#body?.push(chunk);
    if (this.#bytes > this.#request.maxBytes) this.#full();
    else if (!mayGoOn) this.#pause(controller);
  }

  onResponseEnd(): void {
    const { length = this.#bytes } = this.#content;
    if (length === this.#bytes) this.#finish(this.#outcome());
    else this.#truncated(`${this.#bytes} bytes came, Content-Range said ${length}`);
  }

  onResponseError(_: Controller | undefined, error: Error): void {
    const fault = platformFaultOf(error);
    if (fault !== undefined) {
      this.#reject(fault);
      return;
    }
    const isAnswered = this.#httpStatus !== undefined;
    const failure = failureOf(error, isAnswered);
    const isLost = failure.reason === 'connection-lost';
    this.#isUnsent = !this.#over && error instanceof UnsentError;
    this.#brokeUnanswered = !this.#over && !isAnswered && isLost && isOfKeptConnection(error);
    this.#finish(this.#isSettled() ? this.#outcome() : this.#failed(failure));
  }

  #expired(detail: string): void {
    this.#isTimedOut = true;
    this.#stop(this.#isSettled() ? this.#outcome() : this.#timedOut(detail));
  }

  #timedOut(detail: string): FetchOutcome {
    return this.#failed({ reason: 'timeout', detail: `${detail}, ${this.#bytes} bytes received` });
  }

  #pause(controller: Controller): void {
    this.#clock.pause();
    controller.pause();
  }

  #resume(): void {
    if (!this.#clock.resume()) return;
    // Never inside the parser of the one that made room: undici has one for all.
    setImmediate(() => this.#controller?.resume());
  }

  /** The status says it all: what happens to the rest of the answer changes nothing. */
  #isSettled(): boolean {
    return this.#httpStatus !== undefined && !this.#wanted();
  }

  #wanted(): boolean {
    const { kind } = this.#content;
    return (
      kind === 'whole' ||
      (kind === 'none' && this.#request.mayCut === true && isSuccess(this.#httpStatus))
    );
  }

  #full(): void {
    if (this.#request.mayCut === true) this.#stop(this.#outcome());
    else this.#tooLarge(this.#bytes);
  }

  /** The head is all of the answer that anyone wants. */
  #refuseBody(): void {
    const httpStatus = this.#httpStatus ?? 0;
    const publicAddress = this.#connection?.publicAddress;
    const head = this.#head;
    this.#stop({ kind: 'no-body', httpStatus, headers: this.#headers, publicAddress, head });
  }

  #truncated(detail: string): void {
    this.#stop(this.#failed({ reason: 'truncated', detail }));
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
    const head = this.#head;
    const publicAddress = this.#connection?.publicAddress;
    if (!this.#wanted() || this.#body === undefined)
      return { kind: 'no-body', httpStatus, headers, publicAddress, head };
    const body = this.#body;
    const release = () => {
      body.free();
      this.#hold?.release();
    };
    const bytes = body.whole();
    return { kind: 'body', httpStatus, headers, publicAddress, head, body: bytes, release };
  }

  /** The outcome is known before the exchange is over: the connection is given up. */
  #stop(outcome: FetchOutcome): void {
    this.#finish(outcome);
    this.#controller?.abort(new Error('no longer wanted'));
  }

  #finish(outcome: FetchOutcome): void {
    if (this.#over) return;
    this.#close(outcome.kind === 'body');
    this.#end.resolve(outcome);
  }

  #reject(error: Error): void {
    if (this.#over) return;
    this.#close(false);
    this.#end.reject(error);
  }

  #close(isBodyKept: boolean): void {
    this.#over = true;
    this.#clock.stop();
    if (isBodyKept) this.#hold?.complete();
    else {
      this.#body?.free();
      this.#hold?.release();
    }
    this.#body = undefined;
  }
}

function isSuccess(httpStatus = 0): boolean {
  return httpStatus >= 200 && httpStatus < 300;
}

import type { Dispatcher } from 'undici';
import type { FetchOutcome, FetchRequest } from '../../core/ports/fetcher.ts';
import { Answer } from './answer.ts';
import type { ByteBudget, ByteHold } from './byte-budget.ts';
import { type Connection, UnsentError } from './connection.ts';
import { ExchangeClock, type TransferLimits } from './exchange-clock.ts';
import type { SentRequest } from './exchange-head.ts';
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
  readonly #answer: Answer;
  #body: GrowingBody | undefined;

  constructor(
    request: FetchRequest,
    sent: SentRequest,
    limits: TransferLimits,
    budget: ByteBudget,
    end: ExchangeEnd,
  ) {
    this.#request = request;
    this.#answer = new Answer(request, sent);
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
    const answer = this.#answer;
    answer.begin({ code: statusCode, text: statusText }, headers, rawHeaders);
    this.#clock.answered();
    if (answer.content.kind === 'part') this.#truncated(answer.content.detail);
    // What follows changes nothing; it is read for the sake of the connection, and not for long.
    else if (!answer.isWanted) this.#clock.shorten(MAX_DRAIN_MS);
    // The head is all of the answer that anyone wants.
    else if (this.#request.wantsBody?.(answer.headers) === false)
      this.#stop(answer.withoutBody(this.#connection));
    else this.#beginBody(Number(answer.headers['content-length'] ?? 0));
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
    const answer = this.#answer;
    answer.bytes += chunk.length;
    this.#clock.received();
    if (!answer.isWanted) {
      if (answer.bytes > MAX_DRAINED_BYTES) this.#stop(this.#outcome());
      return;
    }
    const mayGoOn = this.#hold?.take(chunk.length) !== false;
    this.#body?.push(chunk);
    if (answer.bytes > this.#request.maxBytes) this.#full();
    else if (!mayGoOn) this.#pause(controller);
  }

  onResponseEnd(): void {
    const { bytes, content } = this.#answer;
    const { length = bytes } = content;
    if (length === bytes) this.#finish(this.#outcome());
    else this.#truncated(`${bytes} bytes came, Content-Range said ${length}`);
  }

  onResponseError(_: Controller | undefined, error: Error): void {
    const fault = platformFaultOf(error);
    if (fault !== undefined) {
      this.#reject(fault);
      return;
    }
    const { isAnswered } = this.#answer;
    const failure = failureOf(error, isAnswered);
    const isLost = failure.reason === 'connection-lost';
    this.#isUnsent = !this.#over && error instanceof UnsentError;
    this.#brokeUnanswered = !this.#over && !isAnswered && isLost && isOfKeptConnection(error);
    this.#finish(this.#answer.isSettled ? this.#outcome() : this.#answer.failed(failure));
  }

  #expired(detail: string): void {
    this.#isTimedOut = true;
    this.#stop(this.#answer.isSettled ? this.#outcome() : this.#timedOut(detail));
  }

  #timedOut(detail: string): FetchOutcome {
    const { bytes } = this.#answer;
    return this.#answer.failed({ reason: 'timeout', detail: `${detail}, ${bytes} bytes received` });
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

  #full(): void {
    if (this.#request.mayCut === true) this.#stop(this.#outcome());
    else this.#tooLarge(this.#answer.bytes);
  }

  #truncated(detail: string): void {
    this.#stop(this.#answer.failed({ reason: 'truncated', detail }));
  }

  #tooLarge(bytes: number): void {
    const detail = `${bytes} bytes, allowed are ${this.#request.maxBytes}`;
    this.#stop(this.#answer.failed({ reason: 'too-large', detail }));
  }

  #outcome(): FetchOutcome {
    const body = this.#body;
    if (!this.#answer.isWanted || body === undefined)
      return this.#answer.withoutBody(this.#connection);
    const release = () => {
      body.free();
      this.#hold?.release();
    };
    return this.#answer.withBody(this.#connection, body.whole(), release);
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

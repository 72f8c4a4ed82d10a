import type { Reason } from '../outcome.ts';
import type { Clock } from '../ports/clock.ts';
import { type ContactBudget, type FailedExchange, HostCircuit } from './host-circuit.ts';
import type { HostRecord } from './host-record.ts';

/** The pace of one host, and for whom it is asked. */
export interface Pace {
  /** Most requests at once. */
  readonly perHost: number;
  /** Least time between two starts, in milliseconds. */
  readonly delayMs: number;
  /** No start after this time, in milliseconds since 1970. */
  readonly notAfterMs: number;
  readonly budget: ContactBudget;
}

/** Why there is no turn to give. */
export type NoTurn =
  /** The next free turn lies behind `notAfterMs`: it comes then, in milliseconds since 1970. */
  | { readonly kind: 'cut'; readonly untilMs: number }
  /** The host is not asked before, in milliseconds since 1970. */
  | { readonly kind: 'paused'; readonly untilMs: number }
  /** The host failed too often, or wants a longer pause than a run waits; `reason` is its last one. */
  | { readonly kind: 'given-up'; readonly reason: Reason; readonly detail?: string };

/** What came of asking for a turn: the job ran, or there was no turn to give. */
export type Turn<T> = NoTurn | { readonly kind: 'ran'; readonly value: T };

interface Waiting {
  readonly pace: Pace;
  readonly begin: (turn: NoTurn | 'go') => void;
}

/** How long a lane remembers that its host was in trouble, in milliseconds after its pause. */
const TROUBLE_KEPT_MS = 60_000;
/** How long it remembers its last start, in milliseconds: the longest delay that is ever kept. */
const START_KEPT_MS = 30_000;
/** Requests that share a connection before another one is opened: as many as come in a row, see WindowPacker. */
const REQUESTS_PER_CONNECTION = 24;
/** A request does not wait for a connection whose answer takes longer, in milliseconds. */
const PATIENCE_MS = 1000;

/**
 * The requests to one host: in order, never too many at once, never too soon. Connections grow with
 * the work: to open one costs more than a request, for us and for the host.
 */
export class HostLane {
  readonly #clock: Clock;
  readonly #circuit = new HostCircuit();
  readonly #queue: Waiting[] = [];
  #active = 0;
  #lastStartMs = Number.NEGATIVE_INFINITY;
  #nextStartMs = 0;
  /** A turn was given, and its request is not under way yet: the delay to the next one begins with it. */
  #isBeginning = false;
  #wakesAtMs = Number.POSITIVE_INFINITY;
  /** Turns that were given and whose requests have not gone out: they wait for us, not for the host. */
  #unsent = 0;
  /** Connections that its work has asked for; they stay while there is any. */
  #connections = 1;
  /** When the requests under way went out, in milliseconds since 1970. */
  readonly #sentMs = new Set<{ readonly atMs: number }>();

  readonly #onDemand: (change: number) => void;
  #demand = 0;

  /** Tells by how many the requests change that it could have under way now. */
  constructor(clock: Clock, onDemand: (change: number) => void = () => {}) {
    this.#clock = clock;
    this.#onDemand = onDemand;
  }

  /** What another worker left: the later times hold. */
  learn(record: HostRecord): void {
    this.#circuit.learn(record);
    this.#nextStartMs = Math.max(this.#nextStartMs, record.nextStartMs);
  }

  /**
   * Runs the job when it is its turn; jobs start in the order they came. The job says when its
   * request goes out: what it has to do before is no part of the delay that the host sees.
   */
  async run<T>(pace: Pace, job: (begin: () => void) => Promise<T>): Promise<Turn<T>> {
    const turn = await new Promise<NoTurn | 'go'>((begin) => {
      this.#queue.push({ pace, begin });
      this.#advance();
      this.#tellDemand(pace);
    });
    if (turn !== 'go') return turn;
    let sent: { readonly atMs: number } | undefined;
    const begin = () => {
      sent ??= this.#begin(pace);
    };
    try {
      return { kind: 'ran', value: await job(begin) };
    } finally {
      this.#active -= 1;
      if (sent === undefined) {
        this.#unsent -= 1;
        this.#isBeginning = false;
      } else this.#sentMs.delete(sent);
      if (this.#active + this.#queue.length === 0) this.#connections = 1;
      this.#advance();
      this.#tellDemand(pace);
    }
  }

  /** A good answer: the host is well. */
  recordSuccess(): void {
    this.#circuit.recordSuccess(this.#clock.now());
    this.#advance();
  }

  /** A failure; when it begins a pause, all that wait are told at once. */
  recordFailure(failed: FailedExchange, random: number): void {
    this.#circuit.recordFailure(failed, this.#clock.now(), random);
    this.#advance();
  }

  /** Whether the host answered lately. */
  get isProven(): boolean {
    return this.#circuit.isProven(this.#clock.now());
  }

  /** Whether the host is not asked again in a round of a run. */
  isGivenUp(budget: ContactBudget): boolean {
    return this.#circuit.isGivenUp(this.#clock.now(), budget);
  }

  /** Pauses in a row since its last good answer. */
  get pauses(): number {
    return this.#circuit.state.pauses;
  }

  /** Whether a contact has failed since it last answered. */
  get hasFailedContacts(): boolean {
    return this.#circuit.hasFailedContacts;
  }

  /** What another worker has to know of it. */
  get record(): Omit<HostRecord, 'robots'> {
    const { answeredMs, failedContacts, state } = this.#circuit;
    return { ...state, nextStartMs: this.#nextStartMs, answeredMs, failedContacts };
  }

  /** Whether it can be forgotten: it has nothing to do, and nothing that a later job must know. */
  get isIdle(): boolean {
    const now = this.#clock.now();
    const { pauses, pausedUntilMs } = this.#circuit.state;
    const isAtWork = this.#active > 0 || this.#queue.length > 0;
    const startedLately = Math.max(this.#nextStartMs, this.#lastStartMs + START_KEPT_MS) > now;
    const wasInTrouble = pauses > 0 && pausedUntilMs + TROUBLE_KEPT_MS > now;
    return !isAtWork && !startedLately && !wasInTrouble;
  }

  /** Why there is no request to be made now; undefined when there may be one. */
  refusalNow({ budget }: Pick<Pace, 'budget'>): NoTurn | undefined {
    const now = this.#clock.now();
    const { pausedUntilMs, reason, detail } = this.#circuit.state;
    if (reason !== null && this.#circuit.isGivenUp(now, budget))
      return { kind: 'given-up', reason, detail };
    return pausedUntilMs > now ? { kind: 'paused', untilMs: pausedUntilMs } : undefined;
  }

  #advance(): void {
    const now = this.#clock.now();
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      // The delay may be longer now than it was: robots.txt is asked before it is known.
      const startMs = Math.max(now, this.#nextStartMs, this.#lastStartMs + next.pace.delayMs);
      const noTurn = this.refusalNow(next.pace) ?? cutOf(next.pace, startMs);
      if (noTurn !== undefined) next.begin(noTurn);
      else if (this.#isBeginning || this.#active >= this.#mostAtOnce(next, now)) return;
      else if (startMs > now) {
        this.#wakeAt(startMs);
        return;
      } else this.#start(next, now);
      this.#queue.shift();
    }
  }

  #tellDemand({ perHost }: Pace): void {
    const most = this.#circuit.isOnTrial(this.#clock.now()) ? 1 : perHost;
    const demand = Math.min(most, this.#active + this.#queue.length);
    if (demand !== this.#demand) this.#onDemand(demand - this.#demand);
    this.#demand = demand;
  }

  #mostAtOnce({ pace: { perHost } }: Waiting, now: number): number {
    if (this.#circuit.isOnTrial(now)) return 1;
    const work = this.#active + this.#queue.length;
    const wanted = Math.max(this.#connections, Math.ceil(work / REQUESTS_PER_CONNECTION));
    this.#connections = Math.min(perHost, wanted);
    if (this.#active < this.#connections || this.#connections === perHost || this.#unsent > 0)
      return this.#connections;
    const lastSentMs = Math.max(...[...this.#sentMs].map(({ atMs }) => atMs));
    const patientUntilMs = lastSentMs + PATIENCE_MS;
    if (now >= patientUntilMs) this.#connections += 1;
    else this.#wakeAt(patientUntilMs);
    return this.#connections;
  }

  #start(next: Waiting, now: number): void {
    this.#active += 1;
    this.#unsent += 1;
    this.#isBeginning = next.pace.delayMs > 0;
    this.#noteStart(next.pace, now);
    next.begin('go');
  }

  #begin(pace: Pace): { readonly atMs: number } {
    this.#unsent -= 1;
    const sent = { atMs: this.#clock.now() };
    this.#sentMs.add(sent);
    if (pace.delayMs > 0) this.#noteStart(pace, sent.atMs);
    this.#isBeginning = false;
    this.#advance();
    return sent;
  }

  #noteStart({ delayMs }: Pace, now: number): void {
    this.#lastStartMs = now;
    this.#nextStartMs = now + delayMs;
  }

  /** One timer at a time, unless an earlier one is needed. */
  #wakeAt(ms: number): void {
    if (this.#wakesAtMs <= ms) return;
    this.#wakesAtMs = ms;
    void this.#clock.sleep(ms - this.#clock.now()).then(() => {
      if (this.#wakesAtMs === ms) this.#wakesAtMs = Number.POSITIVE_INFINITY;
      this.#advance();
    });
  }
}

function cutOf({ notAfterMs }: Pace, startMs: number): NoTurn | undefined {
  return startMs > notAfterMs ? { kind: 'cut', untilMs: startMs } : undefined;
}

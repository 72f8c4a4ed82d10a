import { STOPPED } from '../model/host-order.ts';
import type { HostRecord } from '../model/host-record.ts';
import type { Clock } from '../ports/clock.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { type ContactBudget, type FailedExchange, HostCircuit } from './host-circuit.ts';
import { OpenRequests, type SentRequest } from './open-requests.ts';
import { cutOf, delayOf, type NoTurn, type Pace, type Turn } from './pace.ts';
import { RateLimit } from './rate-limit.ts';

interface Waiting {
  readonly pace: Pace;
  readonly begin: (turn: NoTurn | 'go') => void;
}

/** How long a lane remembers that its host was in trouble, in milliseconds after its pause. */
const TROUBLE_KEPT_MS = 60_000;
/** How long it remembers its last start, in milliseconds: the longest delay that is ever kept. */
const START_KEPT_MS = 30_000;

/** The requests to one host: in order, never too many at once, never too soon, never too many a second. */
export class HostLane {
  readonly #clock: Clock;
  readonly #circuit = new HostCircuit();
  readonly #queue: Waiting[] = [];
  readonly #open = new OpenRequests();
  readonly #limit = new AdaptiveLimit();
  readonly #ownRate = new RateLimit();
  /** That of its address; absent as long as it is not known to be a public one. */
  #addressRate: RateLimit | undefined;
  #lastStartMs = Number.NEGATIVE_INFINITY;
  #nextStartMs = 0;
  /** A turn was given, and its request is not under way yet: the delay to the next one begins with it. */
  #isBeginning = false;
  #wakesAtMs = Number.POSITIVE_INFINITY;

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
    let sent: SentRequest | undefined;
    const begin = () => {
      sent ??= this.#begin(pace);
    };
    try {
      return { kind: 'ran', value: await job(begin) };
    } finally {
      this.#open.close(sent, this.#queue.length);
      if (sent === undefined) this.#isBeginning = false;
      this.#advance();
      this.#tellDemand(pace);
    }
  }

  /** A good answer after so many milliseconds: the host is well. */
  recordSuccess(tookMs: number): void {
    const nowMs = this.#clock.now();
    this.#circuit.recordSuccess(nowMs);
    this.#limit.recordAnswer(tookMs, nowMs);
    this.#advance();
  }

  /** The host answers from a public address, whose rate this is: from now on requests have a rate. */
  limitRate(addressRate: RateLimit): void {
    this.#addressRate = addressRate;
  }

  /** A failure; when it begins a pause, all that wait are told at once. */
  recordFailure(failed: FailedExchange, random: number): void {
    const nowMs = this.#clock.now();
    this.#circuit.recordFailure(failed, nowMs, random);
    this.#limit.recordTrouble(nowMs);
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
    const isAtWork = this.#open.count > 0 || this.#queue.length > 0;
    const startedLately = Math.max(this.#nextStartMs, this.#lastStartMs + START_KEPT_MS) > now;
    const wasInTrouble = pauses > 0 && pausedUntilMs + TROUBLE_KEPT_MS > now;
    return !isAtWork && !startedLately && !wasInTrouble;
  }

  /** Why there is no request to be made now; undefined when there may be one. */
  refusalNow({ budget, order }: Pick<Pace, 'budget' | 'order'>): NoTurn | undefined {
    if (order?.()?.kind === 'stop') return { kind: 'given-up', ...STOPPED };
    const now = this.#clock.now();
    const { pausedUntilMs, reason, detail } = this.#circuit.state;
    if (reason !== null && this.#circuit.isGivenUp(now, budget))
      return { kind: 'given-up', reason, detail };
    return pausedUntilMs > now ? { kind: 'paused', untilMs: pausedUntilMs } : undefined;
  }

  #advance(): void {
    const now = this.#clock.now();
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const startMs = this.#startOf(next, now);
      const noTurn = this.refusalNow(next.pace) ?? cutOf(next.pace, startMs);
      if (noTurn !== undefined) next.begin(noTurn);
      else if (this.#isBeginning || this.#open.count >= this.#mostAtOnce(next, now)) return;
      else if (startMs > now) {
        this.#wakeAt(startMs);
        return;
      } else this.#start(next, now);
      this.#queue.shift();
    }
  }

  #tellDemand({ perHost }: Pace): void {
    const most = this.#circuit.isOnTrial(this.#clock.now()) ? 1 : perHost;
    const demand = Math.min(most, this.#open.count + this.#queue.length);
    if (demand !== this.#demand) this.#onDemand(demand - this.#demand);
    this.#demand = demand;
  }

  #mostAtOnce({ pace: { perHost } }: Waiting, now: number): number {
    if (this.#circuit.isOnTrial(now)) return 1;
    const limit = Math.min(perHost, this.#limit.connections);
    const { most, growsAtMs } = this.#open.allowance(this.#queue.length, limit, now);
    if (growsAtMs !== undefined) this.#wakeAt(growsAtMs);
    return most;
  }

  #startOf({ pace }: Waiting, now: number): number {
    const rateMs = this.#rateOf(pace)?.nextMs ?? 0;
    // The delay may be longer now than it was: robots.txt is asked before it is known.
    return Math.max(now, this.#nextStartMs, this.#lastStartMs + delayOf(pace), rateMs);
  }

  #rateOf({ ratePerS, perAddress }: Pace): RateLimit | undefined {
    if (this.#addressRate === undefined || ratePerS === 0) return undefined;
    return perAddress ? this.#addressRate : this.#ownRate;
  }

  #start(next: Waiting, now: number): void {
    this.#open.open();
    const delayMs = delayOf(next.pace);
    this.#isBeginning = delayMs > 0;
    this.#noteStart(delayMs, now);
    this.#rateOf(next.pace)?.take(next.pace.ratePerS, now);
    next.begin('go');
  }

  #begin(pace: Pace): SentRequest {
    const nowMs = this.#clock.now();
    const sent = this.#open.send(nowMs);
    const delayMs = delayOf(pace);
    if (delayMs > 0) this.#noteStart(delayMs, nowMs);
    this.#isBeginning = false;
    this.#advance();
    return sent;
  }

  #noteStart(delayMs: number, now: number): void {
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

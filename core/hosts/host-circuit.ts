import type { CircuitState, HostRecord } from '../model/host-record.ts';
import { type Reason, verdictOf } from '../model/outcome.ts';
import { backOffMs, MAX_BACK_OFF_MS } from './back-off.ts';

/** Exchanges in a row without an answer after which a host counts as unproven again. */
const MAX_FAILURES = 5;
/** Pauses in a row, with no good answer between them, after which its targets are not asked. */
const MAX_PAUSES = 6;
/** Most contacts of a host that never answers, in one round of a run. */
const MAX_CONTACTS = 3;
/** The same where it let the last one time out: that held a slot for its whole time, and hardly ever passes. */
const MAX_TIMEOUTS = 2;
/** Least time between two of them, in milliseconds, and what chance may add. */
const CONTACT_PAUSE_MS = 5000;
const CONTACT_JITTER_MS = 2000;
/** How long an answer counts: a host that was silent since may be gone, in milliseconds. */
const PROVEN_MS = 60 * 60 * 1000;
/** Rounds of runs whose contacts are kept. */
const MAX_ROUNDS_KEPT = 4;

/** For whom a host is contacted, and how often it may fail for them. */
export interface ContactBudget {
  /** Names a round of a run. */
  readonly round: string;
  /** Attempts that the run makes for a target. */
  readonly attempts: number;
}

/** A failed exchange, as the circuit sees it. */
export interface FailedExchange {
  readonly reason: Reason;
  readonly detail?: string;
  /** What the host asked for, in milliseconds from now. */
  readonly retryAfterMs?: number;
  readonly budget: ContactBudget;
}

const CLOSED: CircuitState = { pausedUntilMs: 0, pauses: 0, reason: null };

/**
 * The circuit breaker of one host. A host that never answered, or has not for a while, is unproven:
 * it is contacted by one request at a time with short limits, and at most three times in a round of
 * a run, twice where it lets them time out, however many URLs it has.
 *
 *     unproven ── an answer ──▶ closed ── 429, 503 ──▶ open: paused, then one request at a time
 *        ▲                        │
 *        └── five without answer ─┘
 */
export class HostCircuit {
  #state = CLOSED;
  #failures = 0;
  #answeredMs = 0;
  /** When a contact failed last, in milliseconds since 1970. */
  #failedMs = 0;
  #failedContacts = new Map<string, number>();

  get state(): CircuitState {
    return this.#state;
  }

  /** When the host last answered, in milliseconds since 1970; 0 when it is not known to answer. */
  get answeredMs(): number {
    return this.#answeredMs;
  }

  /** Whether a contact has failed since it last answered. */
  get hasFailedContacts(): boolean {
    return this.#failedContacts.size > 0;
  }

  /** Contacts that failed, by round. */
  get failedContacts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#failedContacts);
  }

  /** Whether it answered lately, so that it gets its full limits. */
  isProven(nowMs: number): boolean {
    return this.#answeredMs > 0 && nowMs - this.#answeredMs < PROVEN_MS;
  }

  /** Whether it is asked with one request at a time. */
  isOnTrial(nowMs: number): boolean {
    return this.#state.pauses > 0 || !this.isProven(nowMs);
  }

  /** Whether a round has used up its contacts, or the host wants a longer pause than a run waits. */
  isGivenUp(nowMs: number, { round, attempts }: ContactBudget): boolean {
    const contacts = this.#failedContacts.get(round) ?? 0;
    const { pauses, pausedUntilMs, reason } = this.#state;
    const most = reason === 'timeout' ? MAX_TIMEOUTS : MAX_CONTACTS;
    if (contacts >= Math.min(most, attempts)) return true;
    if (pausedUntilMs <= nowMs) return false;
    return pauses >= MAX_PAUSES || pausedUntilMs - nowMs > MAX_BACK_OFF_MS;
  }

  /** What another worker met: its later times and higher counts hold. */
  learn(record: HostRecord): void {
    const { pausedUntilMs, pauses, reason, detail, answeredMs, failedContacts } = record;
    if (pausedUntilMs > this.#state.pausedUntilMs)
      this.#state = { pausedUntilMs, pauses, reason, detail };
    // An answer that came after the last failed contact ends what was counted before.
    const hasFailedSince = Object.keys(failedContacts).length > 0;
    if (answeredMs > this.#failedMs && !hasFailedSince) {
      this.#answeredMs = Math.max(this.#answeredMs, answeredMs);
      this.#failedContacts.clear();
    }
    for (const [round, contacts] of Object.entries(failedContacts))
      this.#countContacts(round, Math.max(this.#failedContacts.get(round) ?? 0, contacts));
  }

  /**
   * An answer that shows that the host is well; to a request that was under way when a pause began
   * it says nothing against that pause.
   */
  recordSuccess(nowMs: number): void {
    this.#recordAnswer(nowMs);
    if (this.#state.pausedUntilMs <= nowMs) this.#state = CLOSED;
  }

  /** `random` from 0 up to 1. A host that asks for a pause gets it at once, for as long as it asks. */
  recordFailure(failed: FailedExchange, nowMs: number, random: number): void {
    const { onHost } = verdictOf(failed.reason);
    if (onHost === 'none') return;
    if (onHost === 'pause') {
      this.#recordAnswer(nowMs);
      this.#pause(failed, nowMs, random);
      return;
    }
    this.#failures += 1;
    if (this.isProven(nowMs) && this.#failures < MAX_FAILURES) return;
    this.#answeredMs = 0;
    if (this.#state.pausedUntilMs <= nowMs) this.#recordFailedContact(failed, nowMs, random);
  }

  #recordAnswer(nowMs: number): void {
    this.#failures = 0;
    this.#answeredMs = nowMs;
    this.#failedContacts.clear();
  }

  #recordFailedContact(failed: FailedExchange, nowMs: number, random: number): void {
    const { reason, detail, budget } = failed;
    const { round } = budget;
    // What no attempt cures (a certificate) is not tried a second time.
    const more = verdictOf(reason).again ? 1 : MAX_CONTACTS;
    this.#failedMs = nowMs;
    this.#countContacts(round, (this.#failedContacts.get(round) ?? 0) + more);
    const pausedUntilMs = nowMs + CONTACT_PAUSE_MS + Math.ceil(random * CONTACT_JITTER_MS);
    this.#state = { pausedUntilMs, pauses: Math.max(1, this.#state.pauses), reason, detail };
  }

  #countContacts(round: string, contacts: number): void {
    this.#failedContacts.delete(round); // the map is in the order of the last contact
    this.#failedContacts.set(round, contacts);
    const [oldest] = this.#failedContacts.keys();
    if (this.#failedContacts.size > MAX_ROUNDS_KEPT && oldest !== undefined)
      this.#failedContacts.delete(oldest);
  }

  /** What was under way when a pause began makes it longer where it asks so, and is no pause more. */
  #pause(failed: FailedExchange, nowMs: number, random: number): void {
    const { reason, detail, retryAfterMs = 0 } = failed;
    const isPaused = this.#state.pausedUntilMs > nowMs;
    const pauses = this.#state.pauses + (isPaused ? 0 : 1);
    const ownMs = isPaused ? 0 : backOffMs(pauses, random);
    const untilMs = nowMs + Math.max(ownMs, retryAfterMs);
    const pausedUntilMs = Math.max(this.#state.pausedUntilMs, untilMs);
    this.#state = { pausedUntilMs, pauses, reason, detail };
  }
}

import { backOffMs, MAX_BACK_OFF_MS } from './back-off.ts';
import { type Reason, verdictOf } from './outcome.ts';

/** Exchanges in a row that came to nothing before the host is left alone for a while. */
const MAX_SILENCES = 5;
/** Pauses in a row, with no good answer between them, after which its targets are not asked. */
const MAX_PAUSES = 6;

/** How a host took what was asked of it lately: what a later worker has to know. */
export interface HostMood {
  /** Not to be asked before, in milliseconds since 1970; 0 when it may be. */
  readonly pausedUntilMs: number;
  /** Pauses in a row since its last good answer. */
  readonly pauses: number;
  /** What the last pause was for. */
  readonly reason: Reason | null;
}

/** A host that has done nothing to us. */
const GOOD_MOOD: HostMood = { pausedUntilMs: 0, pauses: 0, reason: null };

/** The circuit breaker of one host: from what it answered to when it may be asked again. */
export class HostHealth {
  #mood = GOOD_MOOD;
  #silences = 0;

  get mood(): HostMood {
    return this.#mood;
  }

  /** Whether it is to be asked with one request at a time, until it answers well. */
  get isOnTrial(): boolean {
    return this.#mood.pauses > 0;
  }

  /** Whether to stop asking in this run: it failed too often, or wants more quiet than a run waits. */
  isHopeless(nowMs: number): boolean {
    const { pauses, pausedUntilMs } = this.#mood;
    if (pausedUntilMs <= nowMs) return false;
    return pauses >= MAX_PAUSES || pausedUntilMs - nowMs > MAX_BACK_OFF_MS;
  }

  /** What another worker met: taken over when its pause is the later one. */
  learn({ pausedUntilMs, pauses, reason }: HostMood): void {
    if (pausedUntilMs > this.#mood.pausedUntilMs) this.#mood = { pausedUntilMs, pauses, reason };
  }

  /**
   * An answer that shows that the host is well; to a request that was under way when a pause began
   * it is no word against that pause.
   */
  good(nowMs: number): void {
    this.#silences = 0;
    if (this.#mood.pausedUntilMs <= nowMs) this.#mood = GOOD_MOOD;
  }

  /**
   * An exchange that failed for `reason`. A host that asks for quiet gets it at once, for as long
   * as it asks; one that does not answer gets it after five times in a row.
   */
  bad(reason: Reason, nowMs: number, random: number, retryAfterMs?: number): void {
    const { onHost } = verdictOf(reason);
    if (onHost === 'none') return;
    this.#silences += 1;
    if (onHost === 'suspect' && this.#silences < MAX_SILENCES) return;
    this.#pause(reason, nowMs, random, retryAfterMs);
  }

  /** What was under way when a pause began makes it longer where it asks so, and is no pause more. */
  #pause(reason: Reason, nowMs: number, random: number, retryAfterMs = 0): void {
    const isPaused = this.#mood.pausedUntilMs > nowMs;
    const pauses = this.#mood.pauses + (isPaused ? 0 : 1);
    const ownMs = isPaused ? 0 : backOffMs(pauses, random);
    const untilMs = nowMs + Math.max(ownMs, retryAfterMs);
    const pausedUntilMs = Math.max(this.#mood.pausedUntilMs, untilMs);
    this.#mood = { pausedUntilMs, pauses, reason };
  }
}

/** Connections to a host that was just met. */
const FIRST_LIMIT = 2;
/** It does not grow further: no run may ask for more. */
const MAX_LIMIT = 64;
/** Weight of the newest answer in the mean. */
const WEIGHT = 1 / 8;
/** Answers before the mean of a host says anything. */
const LEAST_ANSWERS = 8;
/** A host is slow when its mean is so many times its best, and so many milliseconds above it. */
const SLOW_FACTOR = 3;
const SLOW_MS = 300;
/** Least time between two decreases for slowness, in milliseconds: what is under way must end first. */
const SETTLING_MS = 1000;
/** Share of the way that the best mean goes towards the present one with each answer: networks change. */
const DRIFT = 1 / 2048;

/**
 * How many connections a host is given, by how it answers: one more for each round of good answers,
 * half as many when it slows down or asks for quiet (additive increase, multiplicative decrease, as
 * TCP controls congestion: RFC 5681, section 3.1).
 */
export class AdaptiveLimit {
  #limit = FIRST_LIMIT;
  #answers = 0;
  #meanMs = 0;
  #bestMeanMs = Number.MAX_VALUE;
  #decreasedMs = Number.NEGATIVE_INFINITY;

  /** Connections at once, at least 1. */
  get connections(): number {
    return Math.floor(this.#limit);
  }

  /** A good answer, and how long the exchange took, in milliseconds. */
  recordAnswer(tookMs: number, nowMs: number): void {
    this.#answers += 1;
    // One large picture among small ones says nothing of the host.
    const mostMs = this.#answers < LEAST_ANSWERS ? tookMs : SLOW_FACTOR * this.#meanMs + SLOW_MS;
    const weight = Math.max(WEIGHT, 1 / this.#answers);
    this.#meanMs += (Math.min(tookMs, mostMs) - this.#meanMs) * weight;
    if (this.#answers >= LEAST_ANSWERS) this.#noteBest();
    if (!this.#isSlow()) this.#limit = Math.min(MAX_LIMIT, this.#limit + 1 / this.#limit);
    else if (nowMs - this.#decreasedMs >= Math.max(SETTLING_MS, this.#meanMs))
      this.#decrease(nowMs);
  }

  /** The host asked for quiet, or did not answer. */
  recordTrouble(nowMs: number): void {
    this.#decrease(nowMs);
  }

  #noteBest(): void {
    const driftMs = Math.max(0, this.#meanMs - this.#bestMeanMs) * DRIFT;
    this.#bestMeanMs = Math.min(this.#meanMs, this.#bestMeanMs + driftMs);
  }

  #isSlow(): boolean {
    const limitMs = Math.max(SLOW_FACTOR * this.#bestMeanMs, this.#bestMeanMs + SLOW_MS);
    return this.#meanMs > limitMs;
  }

  #decrease(nowMs: number): void {
    this.#decreasedMs = nowMs;
    this.#limit = Math.max(1, this.#limit / 2);
  }
}

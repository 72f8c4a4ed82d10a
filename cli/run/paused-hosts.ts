import { countOf, formatClock } from '../options/quantities.ts';

interface Pause {
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
}

/** Hosts that asked for quiet, or that do not answer, for as long as they are paused. */
export class PausedHosts {
  readonly #now: () => number;
  readonly #pauses = new Map<string, Pause>();

  /** `now` gives milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  add({ host, reason, pauseMs }: { host: string; reason: string; pauseMs: number }): void {
    this.#pauses.set(host, { reason, untilMs: this.#now() + pauseMs });
  }

  /** When the last of them may be asked again, in milliseconds from now; 0 when none is paused. */
  get leftMs(): number {
    return Math.max(0, ...this.#current().map(([, { untilMs }]) => untilMs - this.#now()));
  }

  /** `a.example paused until 12:24:31 (rate-limited)`; empty when none is paused. */
  toString(): string {
    const paused = this.#current();
    const [first] = paused;
    if (first === undefined) return '';
    const [host, { reason }] = first;
    const until = `until ${formatClock(this.#now() + this.leftMs)}`;
    if (paused.length === 1) return `${host} paused ${until} (${reason})`;
    return `${countOf(paused.length, 'host')} paused, the last ${until}`;
  }

  #current(): readonly (readonly [string, Pause])[] {
    const now = this.#now();
    for (const [host, { untilMs }] of this.#pauses) if (untilMs <= now) this.#pauses.delete(host);
    return [...this.#pauses];
  }
}

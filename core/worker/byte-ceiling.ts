import type { Run } from '../model/run.ts';
import type { Clock } from '../ports/clock.ts';
import type { FrontierLedger } from '../ports/frontier-ledger.ts';

/** How old the sum of all workers may be, in milliseconds: a ceiling is passed by so long at most. */
const MAX_AGE_MS = 1000;

interface Sum {
  /** Bytes of all workers, as last answered, and own ones since. */
  bytes: number;
  untold: number;
  askedMs: number;
}

/** Bytes that were loaded for runs, by all workers together. */
export class ByteCeiling {
  readonly #frontier: FrontierLedger;
  readonly #clock: Clock;
  readonly #sums = new Map<string, Sum>();

  constructor(frontier: FrontierLedger, clock: Clock) {
    this.#frontier = frontier;
    this.#clock = clock;
  }

  /** Counts bytes that came. */
  add({ runId, settings }: Run, bytes: number): void {
    if (settings.maxTotalBytes > 0) this.#sumOf(runId).untold += bytes;
  }

  /** Whether nothing more is to be asked for. Rejects on infrastructure errors. */
  async isReached({ runId, settings }: Run): Promise<boolean> {
    const { maxTotalBytes } = settings;
    if (maxTotalBytes === 0) return false;
    const sum = this.#sumOf(runId);
    const isOld = this.#clock.now() - sum.askedMs >= MAX_AGE_MS;
    if (isOld && sum.bytes < maxTotalBytes) await this.#tell(runId, sum);
    return sum.bytes + sum.untold >= maxTotalBytes;
  }

  async #tell(runId: string, sum: Sum): Promise<void> {
    const { untold } = sum;
    sum.askedMs = this.#clock.now();
    sum.untold = 0;
    sum.bytes += untold;
    const before = await this.#frontier.reserve(runId, { bytes: untold });
    sum.bytes = Math.max(sum.bytes, before.bytes + untold);
  }

  #sumOf(runId: string): Sum {
    const sum = this.#sums.get(runId) ?? {
      bytes: 0,
      untold: 0,
      askedMs: Number.NEGATIVE_INFINITY,
    };
    this.#sums.set(runId, sum);
    return sum;
  }
}

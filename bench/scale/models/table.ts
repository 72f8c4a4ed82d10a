import type { Clock } from '../../../core/ports/clock.ts';
import { DYNAMODB } from '../facts.ts';
import { Rate, waitFor } from './rate.ts';

const READ_MS = 4;
const WRITE_MS = 6;
/** A partition that was too slow for so long is split in two, in milliseconds. */
const HOT_MS = 60_000;

/** A part of the space of hashes of keys. */
interface Partition {
  /** The first hash behind it. */
  readonly end: number;
  readonly writes: Rate;
  readonly reads: Rate;
  /** Since when it is too slow, in milliseconds since 1970; undefined when it is not. */
  hotSinceMs: number | undefined;
}

/** A partition holds hashes below this one. */
const HASHES = 2 ** 32;

/** A table on demand: partitions with their own rates, which are split where there is much to do. */
export class Table {
  readonly #clock: Clock;
  readonly #writes: Rate;
  readonly #reads: Rate;
  #partitions: Partition[];
  /** The peak may double once in a while. */
  #mayHave = 2 * DYNAMODB.firstPartitions;
  #doubledMs: number;
  #heldUp = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#writes = new Rate(clock, DYNAMODB.writesPerTable);
    this.#reads = new Rate(clock, DYNAMODB.readsPerTable);
    this.#doubledMs = clock.now();
    const share = HASHES / DYNAMODB.firstPartitions;
    this.#partitions = Array.from({ length: DYNAMODB.firstPartitions }, (_, at) =>
      this.#partition((at + 1) * share),
    );
  }

  get partitions(): number {
    return this.#partitions.length;
  }

  /** Units so far. */
  get used() {
    return { writes: this.#writes.used, reads: this.#reads.used };
  }

  /** Calls that the quota of the table held up, and calls that one of its partitions did. */
  get delayed() {
    return { table: this.#writes.delayed + this.#reads.delayed, partitions: this.#heldUp };
  }

  /** Writes so many units of 1 KiB under a key. @throws ThrottledError */
  async write(key: string, units: number): Promise<void> {
    const partition = this.#of(key);
    const waitMs = Math.max(this.#writes.take(units), partition.writes.take(units));
    this.#watch(partition, partition.writes);
    await waitFor(this.#clock, WRITE_MS, waitMs);
  }

  /** Reads so many units of 4 KiB under a key. @throws ThrottledError */
  async read(key: string, units: number): Promise<void> {
    const partition = this.#of(key);
    const waitMs = Math.max(this.#reads.take(units), partition.reads.take(units));
    this.#watch(partition, partition.reads);
    await waitFor(this.#clock, READ_MS, waitMs);
  }

  #partition(end: number): Partition {
    const { writesPerPartition, readsPerPartition, burstS } = DYNAMODB;
    return {
      end,
      writes: new Rate(this.#clock, writesPerPartition, burstS),
      reads: new Rate(this.#clock, readsPerPartition, burstS),
      hotSinceMs: undefined,
    };
  }

  #of(key: string): Partition {
    const place = hashOf(key);
    let from = 0;
    for (let to = this.#partitions.length - 1; from < to; ) {
      const middle = (from + to) >> 1;
      if ((this.#partitions[middle]?.end ?? HASHES) > place) to = middle;
      else from = middle + 1;
    }
    const found = this.#partitions[from];
    if (found === undefined) throw new Error(`no partition for ${key}`);
    return found;
  }

  #watch(partition: Partition, rate: Rate): void {
    const now = this.#clock.now();
    if (rate.behindMs > 0) this.#heldUp += 1;
    if (rate.behindMs === 0) partition.hotSinceMs = undefined;
    else if (partition.hotSinceMs === undefined) partition.hotSinceMs = now;
    else if (now - partition.hotSinceMs >= HOT_MS) this.#split(partition, now);
  }

  #split(partition: Partition, now: number): void {
    if (now - this.#doubledMs >= DYNAMODB.doublingMs) {
      this.#doubledMs = now;
      this.#mayHave = 2 * this.#partitions.length;
    }
    if (this.#partitions.length >= this.#mayHave) return;
    const at = this.#partitions.indexOf(partition);
    const start = this.#partitions[at - 1]?.end ?? 0;
    const halves = [this.#partition((start + partition.end) / 2), this.#partition(partition.end)];
    for (const half of halves) half.writes.forget();
    for (const half of halves) half.reads.forget();
    this.#partitions = this.#partitions.toSpliced(at, 1, ...halves);
  }
}

/** FNV-1a with a last round that spreads it over all bits. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

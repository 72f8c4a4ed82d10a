import type { ShardObjects, UploadedPart } from '../../../adapters/shards/shard-objects.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { S3 } from '../facts.ts';
import { Rate, waitFor } from './rate.ts';

const PUT_MS = 60;

/** Objects below one prefix, whose bytes nobody keeps. */
export class Bucket implements ShardObjects {
  readonly #clock: Clock;
  readonly #puts: Rate;
  #uploads = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#puts = new Rate(clock, S3.putsPerPrefix);
  }

  /** Requests that write. */
  get puts(): number {
    return this.#puts.used;
  }

  get delayed(): number {
    return this.#puts.delayed;
  }

  uriOf(key: string): string {
    return `s3://model/${key}`;
  }

  put(): Promise<void> {
    return waitFor(this.#clock, PUT_MS, this.#puts.take(1));
  }

  async begin(): Promise<string> {
    await this.put();
    this.#uploads += 1;
    return `upload-${this.#uploads}`;
  }

  async putPart(_key: string, _id: string, number: number): Promise<UploadedPart> {
    await this.put();
    return { number, etag: `part-${number}` };
  }

  complete(): Promise<void> {
    return this.put();
  }
}

import type { StreamObject } from '../../adapters/aws/open-image.ts';
import { systemMessage } from '../deployment/system-error.ts';
import { fetchObject, type WantedObject } from './fetch-object.ts';

/** What was brought so far. */
export interface FetchCounts {
  /** Files that are here now, those that were here before among them. */
  files: number;
  /** Bytes that came. */
  bytes: number;
  /** Objects that are not in the bucket any more. */
  missing: number;
  failed: number;
  /** Of the first one that failed. */
  problem: string | undefined;
}

/** Several objects at a time, in the memory of these. */
export class Downloads {
  readonly counts: FetchCounts = {
    files: 0,
    bytes: 0,
    missing: 0,
    failed: 0,
    problem: undefined,
  };
  readonly #open: StreamObject;
  readonly #atOnce: number;
  /** By path: an image of several URLs is asked for once. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(open: StreamObject, atOnce: number) {
    this.#open = open;
    this.#atOnce = atOnce;
  }

  /** Begins to bring an object, as soon as there is room. Never rejects: see `counts`. */
  async add(wanted: WantedObject): Promise<void> {
    while (this.#underWay.size >= this.#atOnce && !this.#underWay.has(wanted.path))
      await Promise.race(this.#underWay.values());
    if (this.#underWay.has(wanted.path)) return;
    const over = this.#fetch(wanted).finally(() => this.#underWay.delete(wanted.path));
    this.#underWay.set(wanted.path, over);
  }

  /** Resolves when all is over that was begun. */
  async end(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  async #fetch(wanted: WantedObject): Promise<void> {
    const { counts } = this;
    try {
      const fetched = await fetchObject(wanted, this.#open);
      if (fetched.kind === 'missing') counts.missing += 1;
      else counts.files += 1;
      if (fetched.kind === 'fetched') counts.bytes += fetched.bytes;
    } catch (error) {
      counts.failed += 1;
      counts.problem ??= `${wanted.uri}: ${systemMessage(error)}`;
    }
  }
}

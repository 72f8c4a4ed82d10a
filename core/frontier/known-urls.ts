import { hash } from 'node:crypto';
import type { Known } from '../ports/frontier-ledger.ts';

/** URLs remembered at most, the oldest forgotten first: some 20 MB. */
const MAX_KNOWN = 200_000;

/** What one worker remembers of the marks of runs: each of them holds for ever. */
export class KnownUrls {
  readonly #known = new Map<string, Known>();

  get(runId: string, url: string): Known | undefined {
    return this.#known.get(keyOf(runId, url));
  }

  /** Being a target is never forgotten for having been left out on another page. */
  add(runId: string, url: string, as: Known): void {
    const key = keyOf(runId, url);
    if (this.#known.get(key) === 'target') return;
    this.#known.set(key, as);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}

function keyOf(runId: string, url: string): string {
  return hash('sha1', `${runId} ${url}`, 'base64url').slice(0, 16);
}

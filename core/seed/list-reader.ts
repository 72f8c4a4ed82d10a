import type { Checkpoint, SeedList } from '../model/run.ts';
import type { SeedLine, SeedSource } from '../ports/seed-source.ts';

/**
 * Reads on in a list from window to window: a packed list is unpacked once for each invocation of
 * the seeder, not for each window. Opens a list again where the checkpoint is not where it stands.
 */
export class ListReader {
  readonly #source: SeedSource;
  #portions: AsyncIterator<readonly SeedLine[]> | undefined;
  #waiting: readonly SeedLine[] = [];
  #stands: { readonly location: string; readonly line: number } | undefined;

  constructor(source: SeedSource) {
    this.#source = source;
  }

  /** The entries after a checkpoint, up to the one at which `take` says that it is the last. */
  async read(
    list: SeedList,
    { line, byte }: Pick<Checkpoint, 'line' | 'byte'>,
    take: (entry: SeedLine) => boolean,
  ): Promise<void> {
    const goesOn = this.#stands?.location === list.location && this.#stands.line === line;
    this.#stands = undefined;
    if (!goesOn) {
      await this.close();
      this.#portions = this.#source.read(list, { line, byte })[Symbol.asyncIterator]();
    }
    for (let entries = await this.#next(); entries !== undefined; entries = await this.#next()) {
      const last = entries.findIndex(take);
      if (last === -1) continue;
      this.#waiting = entries.slice(last + 1);
      this.#stands = { location: list.location, line: entries[last]?.line ?? line };
      return;
    }
    await this.close();
  }

  /** Lets go of the list. */
  async close(): Promise<void> {
    const portions = this.#portions;
    this.#portions = undefined;
    this.#waiting = [];
    this.#stands = undefined;
    await portions?.return?.();
  }

  async #next(): Promise<readonly SeedLine[] | undefined> {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) return waiting;
    const next = await this.#portions?.next();
    return next === undefined || next.done === true ? undefined : next.value;
  }
}

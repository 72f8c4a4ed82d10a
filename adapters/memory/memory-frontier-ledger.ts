import type { LeftOut } from '../../core/model/find.ts';
import type {
  FrontierLedger,
  GroupedUrl,
  Known,
  Mark,
  Taken,
} from '../../core/ports/frontier-ledger.ts';
import { refuseBatch } from './refuse-batch.ts';

/** Marks in memory. */
export class MemoryFrontierLedger implements FrontierLedger {
  readonly #marks = new Map<string, Map<string, Mark>>();
  readonly #taken = new Map<string, Taken>();
  readonly #seeds = new Map<string, number>();

  async known(runId: string, urls: readonly GroupedUrl[]): Promise<ReadonlyMap<string, Known>> {
    refuseBatch(urls.map(({ url }) => url));
    const marks = this.#marksOf(runId);
    return new Map(
      urls.flatMap(({ url, group }): [string, Known][] => {
        const mark = marks.get(keyOf(url, group));
        if (mark === undefined) return [];
        return [[url, mark.leftOut === undefined ? 'target' : 'left-out']];
      }),
    );
  }

  async mark(runId: string, marks: readonly Mark[]): Promise<void> {
    refuseBatch(marks.map(({ url }) => url));
    for (const mark of marks)
      this.#marksOf(runId).set(keyOf(mark.url, mark.group), structuredClone(mark));
  }

  async reserve(runId: string, { pages = 0, urls = 0, bytes = 0 }: Partial<Taken>): Promise<Taken> {
    const before = this.#taken.get(runId) ?? { pages: 0, urls: 0, bytes: 0 };
    this.#taken.set(runId, {
      pages: before.pages + pages,
      urls: before.urls + urls,
      bytes: before.bytes + bytes,
    });
    const seeds = this.#seeds.get(runId) ?? 0;
    return { ...before, pages: before.pages + seeds, urls: before.urls + seeds };
  }

  async countSeeds(runId: string, targets: number): Promise<void> {
    this.#seeds.set(runId, targets);
  }

  /** What was found in a run and left out of it. */
  leftOut(runId: string): readonly (LeftOut & { readonly url: string })[] {
    return [...this.#marksOf(runId).values()].flatMap(({ url, leftOut }) =>
      leftOut === undefined ? [] : [{ url, ...leftOut }],
    );
  }

  #marksOf(runId: string): Map<string, Mark> {
    const marks = this.#marks.get(runId) ?? new Map<string, Mark>();
    this.#marks.set(runId, marks);
    return marks;
  }
}

/** A mark is found under its group only, as in the table. */
function keyOf(url: string, group: string): string {
  return `${group} ${url}`;
}

import type { GroupMemory } from '../memory/group-memory.ts';
import type { SettledResult } from '../model/result.ts';
import type { MemoryLedger } from '../ports/memory.ts';
import type { Observer } from '../ports/observer.ts';
import type { KeptDocument } from '../ports/remembered.ts';

/** Dependencies of keepDocuments. */
export interface KeepDocumentsPorts {
  readonly memory: Pick<MemoryLedger, 'keepDocuments'>;
  readonly observer: Observer;
}

/** Results of pages of one group, with what they named. */
export interface ReadPages {
  readonly memory: GroupMemory;
  readonly pages: readonly ReadPage[];
}

interface ReadPage {
  readonly result: SettledResult;
  readonly document: KeptDocument;
}

/**
 * Keeps what pages named, and gives for each of their results the one that says where that is. One
 * whose document was not kept is as good as not remembered. A failure costs later downloads, and the
 * results stand.
 */
export async function keepDocuments(
  groups: readonly ReadPages[],
  { memory, observer }: KeepDocumentsPorts,
): Promise<ReadonlyMap<SettledResult, SettledResult>> {
  const first = groups[0]?.pages[0];
  if (first === undefined) return new Map();
  try {
    const packs = groups.map((group) =>
      group.memory.documents(group.pages.map(({ document }) => document)),
    );
    const places = await memory.keepDocuments(packs);
    return placed(groups, (group, page) => places[group]?.[page]);
  } catch (error) {
    observer.memoryFailed(first.result.runId, error);
    return placed(groups, () => undefined);
  }
}

function placed(
  groups: readonly ReadPages[],
  placeOf: (group: number, page: number) => string | undefined,
): ReadonlyMap<SettledResult, SettledResult> {
  const pages = groups.flatMap(({ pages }, group) =>
    pages.map(({ result }, page) => {
      const document = placeOf(group, page);
      const validity = document === undefined ? undefined : { ...result.validity, document };
      return [result, { ...result, validity }] as const;
    }),
  );
  return new Map(pages);
}

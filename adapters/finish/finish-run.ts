import type { FinishPlace } from '../../contract/finish-event.ts';
import { collect } from './collect.ts';
import type { Finished, Finishing, StepEnd } from './ended-run.ts';
import { publish } from './publish.ts';
import { rewrite } from './rewrite.ts';
import { writeTables } from './write-tables.ts';

/** Where it begins. */
export const FIRST_PLACE: FinishPlace = { step: 'collect', next: 0, tables: [] };

const STEPS = { collect, rewrite, tables: writeTables, publish } satisfies Record<
  FinishPlace['step'],
  (place: FinishPlace, finishing: Finishing) => Promise<StepEnd>
>;

/** How one invocation ended. */
export type FinishEnd =
  | Finished
  | { readonly kind: 'hand-over'; readonly place: FinishPlace }
  | { readonly kind: 'stopped' };

/**
 * Finishes a run that has ended: what a crash left in some of its shards, no result refers to. Such
 * shards are written again without it, those that nothing refers to are removed, the results become
 * tables, and a manifest lists what is left: from then on the places of the run's images do not change.
 *
 *     collect what results refer to ─ write new shards ─ point results to them, write tables ─
 *     remove old shards, publish
 *
 * The results are read twice, in portions: when time runs out, another invocation goes on at the place
 * that is handed over. A step that is repeated does the same under the same names; begun again, all of it
 * may be repeated.
 */
export async function finishRun(from: FinishPlace, finishing: Finishing): Promise<FinishEnd> {
  for (let place = from; ; ) {
    const end = await STEPS[place.step](place, finishing);
    if (end.kind !== 'next') return end;
    place = end.place;
    if (finishing.isLate()) return { kind: 'hand-over', place };
  }
}

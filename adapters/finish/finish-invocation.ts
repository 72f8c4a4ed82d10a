import { randomUUID } from 'node:crypto';
import type { FinishOrder } from '../../contract/finish-event.ts';
import type { Run } from '../../core/model/run.ts';
import type { FinishSums } from '../../core/model/run-finish.ts';
import type { RunLedger } from '../../core/ports/run-ledger.ts';
import type { EndedRun, Finished, FinishPorts } from './ended-run.ts';
import { FIRST_PLACE, finishRun } from './finish-run.ts';
import { clearWorkFiles } from './work-files.ts';

/** Dependencies of an invocation. */
export interface InvocationPorts extends FinishPorts {
  readonly runs: Pick<RunLedger, 'read' | 'keepFinish'>;
  readonly hasEnded: (run: Run) => Promise<boolean>;
  /** A run that has ended, as it is read. */
  readonly readEnded: (run: Run) => Promise<EndedRun>;
  /**
   * Tells later runs that these shards of the run are gone, and gives those of them that no other run
   * refers to: they may be removed. None when time is over before that is known.
   */
  readonly freeShards: (
    uris: readonly string[],
    run: Run,
    isLate: () => boolean,
  ) => Promise<readonly string[]>;
  /** Replaces the name of whoever begins. */
  readonly newName?: () => string;
}

/** How an invocation ended. */
export type InvocationEnd =
  | Finished
  | { readonly kind: 'hand-over'; readonly order: FinishOrder }
  /** There is nothing to finish: no run, one that goes on, or one that somebody else finishes. */
  | { readonly kind: 'stopped' };

/**
 * Finishes a run, or goes on with it, until it is late. Whoever begins takes it over from everybody who
 * began before; whoever goes on takes it over from those who handed it over, should Lambda repeat them.
 */
export async function finishInvocation(
  { runId, going }: FinishOrder,
  isLate: () => boolean,
  ports: InvocationPorts,
): Promise<InvocationEnd> {
  const { runs, clock, newName = randomUUID } = ports;
  const { by, turn, place } = going ?? { by: newName(), turn: 0, place: FIRST_PLACE };
  const run = await runs.read(runId);
  if (run === undefined) return { kind: 'stopped' };
  if (going === undefined && !(await ports.hasEnded(run))) return { kind: 'stopped' };
  const keep = (begins: boolean, sums?: FinishSums) =>
    runs.keepFinish(run, { by, turn, movedMs: clock.now(), sums }, begins);
  if (!(await keep(going === undefined))) return { kind: 'stopped' };
  const isMine = () => keep(false);
  const end = await finishRun(place, {
    run: await ports.readEnded(run),
    by,
    ports,
    isLate,
    isMine,
    freeOf: (uris) => ports.freeShards(uris, run, isLate),
  });
  if (end.kind === 'hand-over')
    return { kind: 'hand-over', order: { runId, going: { by, turn: turn + 1, place: end.place } } };
  if (end.kind === 'stopped' || !(await keep(false, end.sums))) return { kind: 'stopped' };
  await clearWorkFiles(ports.shelf, runId);
  return end;
}

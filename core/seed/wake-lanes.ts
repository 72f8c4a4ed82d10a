import { type Grouping, groupNames } from '../model/host-group.ts';
import { portionsOf } from '../model/portions.ts';
import type { Run } from '../model/run.ts';
import { type NextPorts, sendAll } from './send-next.ts';
import { wakeName } from './wake-name.ts';

/**
 * Sends the first open task of every lane of a run, since some may have lost theirs, with a queue or
 * with the worker that had to send it. One that still waits is dropped by the queue, or found done.
 */
export async function wakeLanes(
  { runId, checkpoint, resumedMs }: Run,
  grouping: Grouping,
  { ledger, queue }: NextPorts,
): Promise<void> {
  // Nothing is in the backlog, or a part of the first window that is written again.
  if (checkpoint.window === 0) return;
  for (const groups of portionsOf(groupNames(grouping), ledger.backlog.maxGroups)) {
    await sendAll(await ledger.backlog.waiting(runId, groups), queue, wakeName(resumedMs));
  }
}

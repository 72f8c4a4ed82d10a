import { backOffMs, MAX_BACK_OFF_MS } from '../hosts/back-off.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { ReceivedTask, TaskQueue } from '../ports/task-queue.ts';
import type { OpenTask } from './open-task.ts';

/** Dependencies of recording a fault. */
export interface FaultPorts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly queue: TaskQueue;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/**
 * An infrastructure error is not a crash: the delivery counts as one that ended, so that no outage
 * dead-letters a target, and the task waits: for its hosts, too, that are paused for `pauseMs` more
 * milliseconds, since that may be what could not be written. As far as the ledger can be reached;
 * never rejects.
 */
export async function recordFault(
  { received, task, memory, lease }: Pick<OpenTask, 'received' | 'task' | 'memory' | 'lease'>,
  { clock, ledger, queue, random }: FaultPorts,
  pauseMs = 0,
): Promise<void> {
  if (!lease.isHeld(clock.now())) return;
  lease.letGo();
  const waitMs = Math.max(faultWaitMs(received, random), Math.min(MAX_BACK_OFF_MS, pauseMs));
  await Promise.allSettled([
    ledger.tasks.recordFault(task, memory.faults + 1),
    queue.postpone(received.receipt, waitMs),
  ]);
}

/** Longer than a site's back-off: from about ten seconds up to minutes. */
export function faultWaitMs({ receiveCount }: ReceivedTask, random: () => number): number {
  return backOffMs(receiveCount + 4, random());
}

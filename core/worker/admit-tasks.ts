import type { Hosts } from '../hosts/hosts.ts';

import type { Clock } from '../ports/clock.ts';
import type { Ledger, TaskMemory } from '../ports/ledger.ts';
import type { ReceivedTask } from '../ports/task-queue.ts';
import type { GroupHold } from './group-hold.ts';
import type { GroupSession } from './group-session.ts';
import { hostsOf } from './hosts-of.ts';
import type { Lease } from './lease.ts';
import type { Memories } from './memories.ts';
import { createOpenTask, type OpenTask } from './open-task.ts';
import type { RunWatch } from './run-watch.ts';

/** Dependencies of admitting tasks. */
export interface AdmitPorts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly hosts: Hosts;
  readonly watch: RunWatch;
  readonly memories: Memories;
}

/** A task that this worker received, with the time for which it has it. */
export interface HeldTask {
  readonly received: ReceivedTask;
  readonly lease: Lease;
}

/** What became of a task that was to be admitted. */
export type Admitted =
  | { readonly kind: 'open'; readonly work: OpenTask }
  /** It was done before. */
  | { readonly kind: 'done' }
  /** An infrastructure error; `memory` is absent where the task is not known. */
  | { readonly kind: 'broken'; readonly error: unknown; readonly memory?: TaskMemory };

/**
 * Asks what is known of tasks of one group of one run: in one question about the tasks and their
 * hosts, and one about the results of the group. Never rejects; gives an answer for each task.
 */
export async function admitTasks(
  held: readonly HeldTask[],
  session: GroupSession,
  ports: AdmitPorts,
): Promise<readonly Admitted[]> {
  const tasks = held.map(({ received }) => received.task);
  const [first] = tasks;
  if (first === undefined) return [];
  try {
    const recalled = ports.ledger.tasks.recall(tasks);
    const [{ memories, hosts }, hold] = await Promise.all([
      recalled,
      session.enter(first, tasks.length),
    ]);
    ports.hosts.learn(hostsOf(tasks), hosts);
    return await Promise.all(held.map((one, at) => admitOne(one, memories[at], hold, ports)));
  } catch (error) {
    return held.map(() => ({ kind: 'broken', error }));
  }
}

async function admitOne(
  { received, lease }: HeldTask,
  memory: TaskMemory | undefined,
  hold: GroupHold,
  { clock, watch, memories }: AdmitPorts,
): Promise<Admitted> {
  const { task } = received;
  if (memory === undefined) throw new Error(`task ${task.taskId} was not recalled`);
  if (memory.done) {
    hold.taskDone(task.taskId);
    return { kind: 'done' };
  }
  try {
    const run = await watch.readForTask(task.runId);
    const known = { run, memory, hold, past: memories.of(run, hold) };
    const work = createOpenTask({ received, lease }, known, clock.now());
    return { kind: 'open', work };
  } catch (error) {
    return { kind: 'broken', error, memory };
  }
}

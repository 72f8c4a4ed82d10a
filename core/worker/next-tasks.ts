import type { Hosts } from '../hosts/hosts.ts';
import { placeOf } from '../model/lane.ts';
import type { Task } from '../model/task.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, TaskMemory } from '../ports/ledger.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import { sendAll } from '../seed/send-next.ts';
import { hostsOf } from './hosts-of.ts';
import { createOpenTask, type OpenTask } from './open-task.ts';
import type { RunWatch } from './run-watch.ts';
import { isSuspect } from './suspects.ts';

/** Dependencies of going on with what comes next. */
export interface NextTaskPorts {
  readonly clock: Clock;
  readonly queue: TaskQueue;
  readonly ledger: Ledger;
  readonly hosts: Hosts;
  readonly watch: RunWatch;
}

/** A task that is done, and the one behind it in its lane, open in its place. */
export interface Followed {
  readonly work: OpenTask;
  readonly next: OpenTask;
}

/**
 * What stands behind tasks that were just recorded as done. Of those for which `goesOn` holds it is
 * opened here, under the message of the one that is done: as long as that message is out, its group is
 * this worker's. All other next tasks are sent, before the messages are removed: a lane whose worker
 * dies before is begun again by whoever receives one. Rejects on infrastructure errors.
 */
export async function nextTasks(
  works: readonly OpenTask[],
  goesOn: (work: OpenTask) => boolean,
  ports: NextTaskPorts,
): Promise<readonly Followed[]> {
  const { backlog } = ports.ledger;
  const lanes = works.filter(({ task }) => placeOf(task.taskId) !== undefined);
  const found = await Promise.all(
    lanes.map(async (work) => ({ work, task: await backlog.after(work.task) })),
  );
  const next = found.flatMap(({ work, task }) => (task === undefined ? [] : [{ work, task }]));
  const here = next.filter(({ work }) => goesOn(work) && !isSuspect(work));
  const memories = await recall(
    here.map(({ task }) => task),
    ports,
  );
  const followed: Followed[] = [];
  const sent = next.filter((one) => !here.includes(one)).map(({ task }) => task);
  for (const [at, { work, task }] of here.entries()) {
    const memory = memories[at];
    // A worker may have died with it: it gets a message of its own, which counts its deliveries.
    if (memory === undefined || memory.faults + memory.soloStarts > 0) sent.push(task);
    else followed.push({ work, next: await openInPlaceOf(work, task, memory, ports) });
  }
  await sendAll(sent, ports.queue);
  return followed;
}

async function recall(
  tasks: readonly Task[],
  { ledger, hosts }: NextTaskPorts,
): Promise<readonly TaskMemory[]> {
  if (tasks.length === 0) return [];
  const recalled = await ledger.tasks.recall(tasks);
  hosts.learn(hostsOf(tasks), recalled.hosts);
  return recalled.memories;
}

async function openInPlaceOf(
  { received, lease, hold, past, untilMs }: OpenTask,
  task: Task,
  memory: TaskMemory,
  { clock, watch }: NextTaskPorts,
): Promise<OpenTask> {
  const run = await watch.readForTask(task.runId);
  const next = createOpenTask(
    { received: { ...received, task, isInPlace: true }, lease },
    { run, memory, hold, past },
    clock.now(),
  );
  // The group has other tasks as well: they wait no longer than for one task.
  next.untilMs = untilMs;
  return next;
}

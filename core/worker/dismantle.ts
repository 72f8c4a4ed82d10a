import { factsOfFind } from '../model/find.ts';
import type { SettledResult } from '../model/result.ts';
import { againOf, isMadeOfAnother, singlesOf, type Target, type Task } from '../model/task.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, TaskLedger, TaskMemory } from '../ports/ledger.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import { sendNext, sendWaiting } from '../seed/send-next.ts';
import { GroupHold } from './group-hold.ts';
import { isSettledInRound } from './settled-in-round.ts';
import { faultsOf, soloStartsOf } from './solo-starts.ts';
import { TaskTally } from './task-tally.ts';

/** Dependencies of taking a dead task apart. */
export interface DismantlePorts {
  readonly clock: Clock;
  readonly queue: TaskQueue;
  readonly ledger: Ledger;
}

/** What became of a dead task. */
export type Dismantled =
  /** All its targets were settled after all. */
  | { readonly kind: 'nothing-open' }
  /** Its open targets are tasks of their own now. */
  | { readonly kind: 'taken-apart'; readonly targets: number }
  /** One target that was not alone when its worker died: it gets a worker of its own. */
  | { readonly kind: 'given-another-chance' }
  /** One target that crashed its worker alone, or at which the crawler fails each time. */
  | { readonly kind: 'dead-lettered' | 'crawler-fault'; readonly url: string };

/** What a dead task has behind it. */
interface Past {
  readonly soloStarts: number;
  readonly faults: number;
  readonly delivery: number;
}

/** Starts alone that never ended before a target is dead-lettered; two may be power cuts. */
const MAX_ISOLATED_CRASHES = 3;
/** Infrastructure errors before a target is settled as such: some ten minutes of trying. */
const MAX_FAULTS = 8;

/**
 * Takes a task apart that came back from the dead-letter queue, so that only the target that
 * crashes workers ends there and its neighbours are crawled. Rejects on infrastructure errors; running it again
 * on the same task changes nothing. `delivery` counts its deliveries from that queue.
 */
export async function dismantle(
  task: Task,
  ports: DismantlePorts,
  delivery = 1,
): Promise<Dismantled> {
  const { ledger, clock } = ports;
  const tally = new TaskTally(task);
  const memory = await memoryOf(task, ledger.tasks);
  if (memory.done) {
    await sendWaiting(task, ports);
    return { kind: 'nothing-open' };
  }
  // Its maker died before: a task that is done is counted among those that are known.
  if (isMadeOfAnother(task) && !memory.registered) await ledger.tasks.register([task]);
  const hold = new GroupHold(task.runId, task.group);
  hold.learn(await ledger.results.enter(task.runId, task.group));
  const open = task.targets.filter((target) => {
    const known = hold.find(target.url);
    if (!isSettledInRound(known, task.round)) return true;
    tally.addKnown(target.url, known);
    return false;
  });
  const soloStarts = soloStartsOf(task, memory);
  const past = { soloStarts, faults: faultsOf(task, memory), delivery };
  const dismantled = await dispose(task, open, past, tally, ports);
  await ledger.tasks.record(tally.progress(clock.now(), true));
  await sendNext([task], ports);
  return dismantled;
}

async function memoryOf(task: Task, tasks: TaskLedger): Promise<TaskMemory> {
  const { memories } = await tasks.recall([task]);
  const [memory] = memories;
  if (memory === undefined) throw new Error(`no memory of task ${task.taskId} was recalled`);
  return memory;
}

async function dispose(
  task: Task,
  open: Task['targets'],
  { delivery, ...past }: Past,
  tally: TaskTally,
  ports: DismantlePorts,
): Promise<Dismantled> {
  const [first] = open;
  if (first === undefined) return { kind: 'nothing-open' };
  if (task.targets.length > 1) {
    await replace(singlesOf(task, open, delivery), tally, ports);
    return { kind: 'taken-apart', targets: open.length };
  }
  const { soloStarts, faults } = past;
  if (soloStarts < MAX_ISOLATED_CRASHES && faults < MAX_FAULTS) {
    // Its past goes with it: ten such targets of one batch would be given chances for ever.
    await replace([{ ...againOf(task, open, delivery), ...past }], tally, ports);
    return { kind: 'given-another-chance' };
  }
  const kind = soloStarts < MAX_ISOLATED_CRASHES ? 'crawler-fault' : 'dead-lettered';
  await deadLetter(task, first, kind, soloStarts + faults, tally, ports);
  return { kind, url: first.url };
}

/** Sent first, so that nothing is known to the ledger that no queue holds. */
async function replace(
  tasks: readonly Task[],
  tally: TaskTally,
  { ledger, queue }: DismantlePorts,
): Promise<void> {
  await queue.send(tasks);
  await ledger.tasks.register(tasks);
  tally.addElsewhere(tasks.length);
}

async function deadLetter(
  task: Task,
  target: Target,
  reason: 'dead-lettered' | 'crawler-fault',
  attempts: number,
  tally: TaskTally,
  { clock, ledger }: DismantlePorts,
): Promise<void> {
  const { runId, taskId, round } = task;
  const result: SettledResult = {
    runId,
    taskId,
    round,
    url: target.url,
    attempts,
    status: 'failed',
    reason,
    ...factsOfFind(target),
    durationMs: 0,
    fetchedAt: new Date(clock.now()).toISOString(),
    detail: JSON.stringify(task),
  };
  await ledger.results.settleAlone(task.group, result);
  tally.addSettled(result);
}

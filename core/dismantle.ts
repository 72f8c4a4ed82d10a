import { factsOfFind } from './find.ts';
import type { Clock } from './ports/clock.ts';
import type { Ledger } from './ports/ledger.ts';
import type { TaskQueue } from './ports/task-queue.ts';
import type { SettledResult } from './result.ts';
import { isSettledInRound } from './settled-in-round.ts';
import { faultsOf, soloStartsOf } from './solo-starts.ts';
import { restOf, singlesOf, type Target, type Task } from './task.ts';
import { TaskTally } from './task-tally.ts';

/** What taking a dead task apart needs of the world. */
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
  /** One target that died in others' company: it gets a worker of its own. */
  | { readonly kind: 'given-another-chance' }
  /** One target that killed its worker alone, or at which the crawler fails each time. */
  | { readonly kind: 'dead-lettered' | 'crawler-fault'; readonly url: string };

/** Starts alone that never ended before a target is held guilty; two may be power cuts. */
const GUILTY_STARTS = 3;
/** Faults of ours before a target is settled as such: some ten minutes of trying. */
const MAX_FAULTS = 8;

/**
 * Takes a task apart that came back from the dead-letter queue, so that only the target that kills
 * workers ends there and its neighbours are crawled. Throws when we or AWS broke; running it again
 * on the same task changes nothing.
 */
export async function dismantle(task: Task, ports: DismantlePorts): Promise<Dismantled> {
  const { ledger, clock } = ports;
  const tally = new TaskTally(task);
  const { settled, memory } = await ledger.tasks.recall(task);
  if (memory.done) return { kind: 'nothing-open' };
  const open = task.targets.flatMap((target, at) => {
    const known = settled.get(target.url);
    if (!isSettledInRound(known, task.round)) {
      return [{ ...target, tries: memory.tries[at] ?? target.tries }];
    }
    tally.addKnown(target.url, known);
    return [];
  });
  const soloStarts = soloStartsOf(task, memory);
  const past = { soloStarts, faults: faultsOf(task, memory) };
  const dismantled = await dispose(task, open, past, tally, ports);
  await ledger.tasks.record(tally.progress(clock.now(), true));
  return dismantled;
}

async function dispose(
  task: Task,
  open: Task['targets'],
  past: Required<Pick<Task, 'soloStarts' | 'faults'>>,
  tally: TaskTally,
  ports: DismantlePorts,
): Promise<Dismantled> {
  const [first] = open;
  if (first === undefined) return { kind: 'nothing-open' };
  if (task.targets.length > 1) {
    await replace(singlesOf(task, open), tally, ports);
    return { kind: 'taken-apart', targets: open.length };
  }
  const { soloStarts, faults } = past;
  if (soloStarts < GUILTY_STARTS && faults < MAX_FAULTS) {
    // Its past goes with it: ten killers of one batch would else be given chances for ever.
    // No worker makes a rest of delivery 0: none is confused with one that a worker sent.
    await replace([{ ...restOf(task, open, undefined, 0), ...past }], tally, ports);
    return { kind: 'given-another-chance' };
  }
  const kind = soloStarts < GUILTY_STARTS ? 'crawler-fault' : 'dead-lettered';
  await condemn(task, first, kind, soloStarts + faults, tally, ports);
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

async function condemn(
  task: Task,
  target: Target,
  reason: 'dead-lettered' | 'crawler-fault',
  attempts: number,
  tally: TaskTally,
  { clock, ledger }: DismantlePorts,
): Promise<void> {
  const { runId, taskId, round } = task;
  const result: SettledResult = {
    ...{ runId, taskId, round, url: target.url, attempts, status: 'failed', reason },
    ...factsOfFind(target),
    durationMs: 0,
    fetchedAt: new Date(clock.now()).toISOString(),
    detail: JSON.stringify(task),
  };
  await ledger.results.settle([result]);
  tally.addSettled(result);
}

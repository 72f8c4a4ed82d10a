import { backOffMs, MAX_BACK_OFF_MS } from './back-off.ts';
import { ByteCeiling } from './byte-ceiling.ts';
import { hostOf } from './canonical-url.ts';
import { Frontier } from './frontier.ts';
import { HostGate } from './host-gate.ts';
import type { HostShards } from './host-group.ts';
import { HostLanes } from './host-lanes.ts';
import { holdUntil, leased } from './lease.ts';
import type { Fetcher } from './ports/fetcher.ts';
import type { Recollection } from './ports/ledger.ts';
import type { ReceivedTask } from './ports/task-queue.ts';
import { RobotsDoor } from './robots/robots-door.ts';
import { RunWatch } from './run-watch.ts';
import { soloStartsOf } from './solo-starts.ts';
import { TaskSession, type WorkPorts } from './task-session.ts';

/** What becomes of one message: taken off the queue, left to wait, or left because something broke. */
export type TaskEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'postponed' }
  | { readonly kind: 'broken'; readonly error: unknown };

/** One message with its end, in no particular order. */
export interface WorkedTask {
  readonly received: ReceivedTask;
  readonly end: TaskEnd;
}

interface Delivery {
  readonly received: ReceivedTask;
  readonly known: Recollection;
}

/** What a worker needs of the world. */
export interface WorkerPorts extends Omit<WorkPorts, 'gate' | 'robots' | 'frontier' | 'ceiling'> {
  readonly fetcher: Fetcher;
  /** Host groups of the deployment, for what is found in pages. */
  readonly groups: number;
  readonly hostShards: HostShards;
}

/** The use case of a worker, bound to its ports; lives as long as the worker does. */
export function createWork({ fetcher, groups, hostShards, ...ports }: WorkerPorts): Work {
  const { clock, ledger, observer, queue, random } = ports;
  const { hosts, runs } = ledger;
  const lanes = new HostLanes(clock, random);
  const gate = new HostGate({ clock, fetcher, hosts, lanes, observer });
  const robots = new RobotsDoor({ clock, gate, hosts });
  const watch = new RunWatch(runs, clock);
  const frontier = new Frontier({ clock, ledger, queue, groups, hostShards });
  const ceiling = new ByteCeiling(ledger.frontier, clock);
  const all = { ...ports, gate, robots, frontier, ceiling };
  return (batch, deadlineMs) => workBatch(batch, deadlineMs, leased(all, deadlineMs), watch);
}

/**
 * Works a batch of tasks until `deadlineMs` (milliseconds since 1970). Never throws for a task:
 * what broke is the end of that task alone, and the others of its batch do not pay for it.
 */
export type Work = (
  batch: readonly ReceivedTask[],
  deadlineMs: number,
) => Promise<readonly WorkedTask[]>;

async function workBatch(
  batch: readonly ReceivedTask[],
  deadlineMs: number,
  ports: WorkPorts,
  watch: RunWatch,
): Promise<readonly WorkedTask[]> {
  const session = new TaskSession(ports, watch, deadlineMs);
  const originals = withoutCopies(batch);
  const copies = batch.filter((received) => !originals.includes(received)).map(asDone);
  const deliveries = await Promise.all(
    originals.map((received) => take(received, deadlineMs, ports)),
  );
  const recalled = deliveries.filter((delivery) => 'known' in delivery);
  const broken = deliveries.filter((delivery) => 'end' in delivery);
  const calm = recalled.filter((delivery) => !isSuspect(delivery));
  const suspects = recalled.filter(isSuspect);
  const worked = await Promise.all(calm.map((delivery) => attempt(delivery, session, ports)));
  return [...copies, ...broken, ...worked, ...(await workSuspects(suspects, session, ports))];
}

/**
 * A task whose id the queue has forgotten can be in it twice, and both in one batch. One of them is
 * worked; the other would find all targets taken, and mark the task as done while it is open.
 */
function withoutCopies(batch: readonly ReceivedTask[]): readonly ReceivedTask[] {
  const byId = Map.groupBy(batch, ({ task }) => `${task.runId} ${task.taskId}`);
  return [...byId.values()].flatMap((copies) => copies.slice(0, 1));
}

function asDone(received: ReceivedTask): WorkedTask {
  return { received, end: { kind: 'done' } };
}

/** A delivery that cannot be held is left alone: it is another worker's, or comes back by itself. */
async function take(
  received: ReceivedTask,
  deadlineMs: number,
  ports: WorkPorts,
): Promise<Delivery | WorkedTask> {
  try {
    await holdUntil(deadlineMs, received, ports);
  } catch (error) {
    return { received, end: { kind: 'broken', error } };
  }
  return recall(received, ports);
}

async function recall(
  received: ReceivedTask,
  { gate, ledger, queue, random }: WorkPorts,
): Promise<Delivery | WorkedTask> {
  try {
    const known = await ledger.tasks.recall(received.task);
    // Before any visit of this batch: what it learns itself is newer.
    gate.learn(known.paces);
    return { received, known };
  } catch (error) {
    await Promise.allSettled([queue.postpone(received.receipt, faultWaitMs(received, random))]);
    return { received, end: { kind: 'broken', error } };
  }
}

/**
 * Whether a worker died with the task: it was given out more often than it came back well, or it
 * was made of a dead one. Such a killer would else be fresh in each of its lives, and end batch
 * after batch before any suspect is begun alone.
 */
function isSuspect({ received: { task, receiveCount }, known: { memory } }: Delivery): boolean {
  const isOfDead = task.soloStarts !== undefined && memory.returns === 0;
  return isOfDead || receiveCount - 1 - memory.returns > 0;
}

/**
 * One at a time and after the others, so that a task that kills its worker takes none with it;
 * first those that were begun least often, so that a killer comes last the next time. Each that
 * is done leaves the queue at once: the next one may end this worker.
 */
async function workSuspects(
  suspects: readonly Delivery[],
  session: TaskSession,
  ports: WorkPorts,
): Promise<readonly WorkedTask[]> {
  const { ledger, queue } = ports;
  const worked: WorkedTask[] = [];
  const inOrder = suspects.toSorted((a, b) => startsOf(a) - startsOf(b));
  for (const delivery of inOrder) {
    const { task, receipt } = delivery.received;
    const one = await guard(delivery, ports, async () => {
      await ledger.tasks.countSoloStart(task);
      const end = await session.work(delivery.received, delivery.known);
      if (end.kind === 'done') await queue.remove(receipt);
      return end;
    });
    worked.push(one);
  }
  return worked;
}

function startsOf({ received, known }: Delivery): number {
  return soloStartsOf(received.task, known.memory);
}

function attempt(delivery: Delivery, session: TaskSession, ports: WorkPorts): Promise<WorkedTask> {
  return guard(delivery, ports, () => session.work(delivery.received, delivery.known));
}

async function guard(
  delivery: Delivery,
  ports: WorkPorts,
  job: () => Promise<TaskEnd>,
): Promise<WorkedTask> {
  const { received } = delivery;
  try {
    return { received, end: await job() };
  } catch (error) {
    await forgive(delivery, ports);
    return { received, end: { kind: 'broken', error } };
  }
}

/**
 * A fault of ours or of AWS is no death: the delivery counts as one that came back well, so that
 * no outage makes a target guilty, and the task waits. As far as AWS can be reached.
 */
async function forgive({ received, known }: Delivery, { gate, ledger, queue, random }: WorkPorts) {
  const { task, receipt } = received;
  const { tries, returns, faults } = known.memory;
  // What failed may be the word that a host wants quiet: then nobody else knows of it.
  const quietMs = Math.min(
    MAX_BACK_OFF_MS,
    gate.quietMs(task.targets.map(({ url }) => hostOf(url))),
  );
  await Promise.allSettled([
    ledger.tasks.remember(task, { tries, returns: returns + 1, faults: faults + 1 }),
    queue.postpone(receipt, Math.max(quietMs, faultWaitMs(received, random))),
  ]);
}

/** Longer than a site's back-off: from about ten seconds up to minutes. */
function faultWaitMs({ receiveCount }: ReceivedTask, random: () => number): number {
  return backOffMs(receiveCount + 4, random());
}

import { isMadeOfAnother, type Task } from '../../core/task.ts';
import { instead } from '../instead.ts';
import type { SimPorts } from './simulation.ts';

type Replace = (ports: SimPorts) => SimPorts;

/** Parts of the protocol, each taken out by itself. */
export const WITHOUT = {
  'the look-up of settled targets': ({ queue, ledger }) => {
    const recall: typeof ledger.tasks.recall = async (task) => {
      return { ...(await ledger.tasks.recall(task)), settled: new Map() };
    };
    return { queue, ledger: { ...ledger, tasks: instead(ledger.tasks, { recall }) } };
  },
  /** The first of the two calls registers, the second one sends. */
  'sending before registering': ({ queue, ledger }) => {
    const send = async (tasks: readonly Task[]) => {
      const isRest = tasks.every(isMadeOfAnother);
      await (isRest ? ledger.tasks.register(tasks) : queue.send(tasks));
    };
    const register = (tasks: readonly Task[]) => queue.send(tasks);
    return {
      queue: instead(queue, { send }),
      ledger: { ...ledger, tasks: instead(ledger.tasks, { register }) },
    };
  },
  /** The first of the two calls marks, the second one sends. */
  'sending before marking': ({ queue, ledger }) => {
    let held: readonly Task[] = [];
    const send = async (tasks: readonly Task[]) => {
      const [first] = tasks;
      if (first === undefined || !isMadeOfAnother(first)) return queue.send(tasks);
      held = tasks;
      const marks = tasks.flatMap(({ targets }) => targets.map(({ url }) => ({ url })));
      await ledger.frontier.mark(first.runId, marks);
    };
    const mark = () => queue.send(held);
    return {
      queue: instead(queue, { send }),
      ledger: { ...ledger, frontier: instead(ledger.frontier, { mark }) },
    };
  },
  'an id of its own for the rest of a task': ({ queue, ledger }) => {
    const sameId = (task: Task) => ({
      ...task,
      taskId: task.taskId.replace(/^(r-.+)-.{22}$/, '$1'),
    });
    const send = (tasks: readonly Task[]) => queue.send(tasks.map(sameId));
    return { ledger, queue: instead(queue, { send }) };
  },
  'the record of a host in the ledger': ({ queue, ledger }) => {
    const settle: typeof ledger.results.settle = (results) => ledger.results.settle(results);
    return { queue, ledger: { ...ledger, results: instead(ledger.results, { settle }) } };
  },
  'groups of hosts': ({ queue, ledger }) => {
    const ownGroup = (task: Task) => ({ ...task, group: task.taskId });
    const send = (tasks: readonly Task[]) => queue.send(tasks.map(ownGroup));
    return { ledger, queue: instead(queue, { send }) };
  },
  'the hold on a delivery': ({ queue, ledger }) => {
    const extend = async (receipts: readonly string[], ms: number) => {
      await queue.extend(receipts, ms);
      return new Set(receipts);
    };
    return { ledger, queue: instead(queue, { extend }) };
  },
} as const satisfies Record<string, Replace>;

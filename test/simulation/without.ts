import { basename } from 'node:path';
import { MemoryImageStore } from '../../adapters/memory/memory-image-store.ts';
import { shardPrefix } from '../../contract/image-name.ts';
import { isMadeOfAnother, type Task } from '../../core/model/task.ts';
import { urlDigest } from '../../core/model/url-digest.ts';
import type {
  Backlog,
  GroupIndex,
  GroupLog,
  ResultLedger,
  ResultPack,
  TaskLedger,
} from '../../core/ports/ledger.ts';
import type { RunLedger } from '../../core/ports/run-ledger.ts';
import type { TaskQueue } from '../../core/ports/task-queue.ts';
import { instead } from '../instead.ts';
import type { SimPorts } from './shape.ts';

/** How often what was seen last is seen again. */
const STALE_LOOKS = 6;

type Replace = (ports: SimPorts) => SimPorts;

/** Parts of the protocol, each taken out by itself. */
export const WITHOUT = {
  'the look-up of settled targets': (ports) => {
    const { results } = ports.ledger;
    const enter: typeof results.enter = async (runId, group) => {
      return { ...(await results.enter(runId, group)), index: [], packs: [] };
    };
    return withResults(ports, { enter });
  },
  /** What was known of a group when it was entered first is taken for what is known of it now. */
  'a new look at a group that is entered again': (ports) => {
    const { results } = ports.ledger;
    const first = new Map<string, GroupLog>();
    const enter: typeof results.enter = async (runId, group) => {
      const now = await results.enter(runId, group);
      const { index, packs } = first.get(group) ?? now;
      first.set(group, { ...now, index, packs });
      return { ...now, index, packs };
    };
    return withResults(ports, { enter });
  },
  'the end of tasks before their results are indexed': (ports) => {
    const { results } = ports.ledger;
    const settle: typeof results.settle = async (packs, hosts) => {
      await results.settle(packs, hosts);
      for (const pack of packs) await results.addIndex(indexOf(pack));
    };
    return withResults(ports, { settle });
  },
  /** They are kept when their task is done, if their worker lives so long. */
  'the write of results before they are indexed': (ports) => {
    const { results, tasks } = ports.ledger;
    const held = new HeldPacks(results);
    const settle: typeof results.settle = async (packs, hosts) => {
      for (const pack of packs) await results.addIndex(indexOf(pack));
      held.add(packs);
      await results.settle([], hosts);
    };
    const record: typeof tasks.record = async (progress) => {
      await held.write();
      await tasks.record(progress);
    };
    const { ledger, ...others } = withResults(ports, { settle, enter: held.enter });
    return { ...others, ledger: { ...ledger, tasks: instead(tasks, { record }) } };
  },
  /** They are kept when the messages of their tasks are removed, if their worker lives so long. */
  'the answer to a write before its results are settled': (ports) => {
    const { results } = ports.ledger;
    const held = new HeldPacks(results);
    const settle: typeof results.settle = async (packs, hosts) => {
      held.add(packs);
      await results.settle([], hosts);
    };
    const remove: TaskQueue['remove'] = async (receipts) => {
      await held.write();
      await ports.queue.remove(receipts);
    };
    const { ledger } = withResults(ports, { settle, enter: held.enter });
    return { ...ports, queue: instead(ports.queue, { remove }), ledger };
  },
  /** The first of the two calls registers, the second one sends. */
  'sending before registering': ({ queue, ledger, ...others }) => {
    const send = async (tasks: readonly Task[]) => {
      const isRest = tasks.every(isMadeOfAnother);
      await (isRest ? ledger.tasks.register(tasks) : queue.send(tasks));
    };
    const register = (tasks: readonly Task[]) => queue.send(tasks);
    return {
      ...others,
      queue: instead(queue, { send }),
      ledger: { ...ledger, tasks: instead(ledger.tasks, { register }) },
    };
  },
  /** The first of the two calls marks, the second one sends. */
  'sending before marking': ({ queue, ledger, ...others }) => {
    let held: readonly Task[] = [];
    const send = async (tasks: readonly Task[]) => {
      const [first] = tasks;
      if (first === undefined || !isMadeOfAnother(first)) return queue.send(tasks);
      held = tasks;
      const marks = tasks.flatMap(({ group, targets }) =>
        targets.map(({ url }) => ({ url, group })),
      );
      await ledger.frontier.mark(first.runId, marks);
    };
    const mark = () => queue.send(held);
    return {
      ...others,
      queue: instead(queue, { send }),
      ledger: { ...ledger, frontier: instead(ledger.frontier, { mark }) },
    };
  },
  'an id of its own for the rest of a task': ({ queue, ...others }) => {
    const sameId = (task: Task) => ({
      ...task,
      taskId: task.taskId.replace(/^(r-.+)-.{22}$/, '$1'),
    });
    const send = (tasks: readonly Task[]) => queue.send(tasks.map(sameId));
    return { ...others, queue: instead(queue, { send }) };
  },
  'the record of a host in the ledger': (ports) => {
    const { results } = ports.ledger;
    const settle: typeof results.settle = (packs) => results.settle(packs);
    return withResults(ports, { settle });
  },
  'groups of hosts': ({ queue, ...others }) => {
    const ownGroup = (task: Task) => ({ ...task, group: task.taskId });
    const send = (tasks: readonly Task[]) => queue.send(tasks.map(ownGroup));
    return { ...others, queue: instead(queue, { send }) };
  },
  /** Credits are lost: a worker that finds a task done does not send the next one of its lane. */
  'the next task of a lane whose worker died': (ports) => {
    const { backlog } = ports.ledger;
    const waiting: Backlog['waiting'] = async () => [];
    return { ...ports, ledger: { ...ports.ledger, backlog: instead(backlog, { waiting }) } };
  },
  /** A chain is sent twice: the seeder takes each lane for one that stands still. */
  'the wait of a window for the tail of its lane': (ports) => {
    const { tasks } = ports.ledger;
    const doneAmong: TaskLedger['doneAmong'] = async (_, ids) => new Set(ids);
    return { ...ports, ledger: { ...ports.ledger, tasks: instead(tasks, { doneAmong }) } };
  },
  /** An image is taken for safe when it is in the memory of its worker. */
  'the end of a shard before its images are settled': (ports) => {
    const imageStoreOf: SimPorts['imageStoreOf'] = (process) => {
      const store = ports.imageStoreOf(process);
      const put: typeof store.put = async (run, image) => {
        const { kept: _, ...place } = await store.put(run, image);
        return place;
      };
      return instead(store, { put });
    };
    return { ...ports, imageStoreOf };
  },
  /** They are stored when the messages of their tasks are removed, if their worker lives so long. */
  'the write of an image before it is remembered': (ports) => {
    const held = new Map<string, () => Promise<unknown>>();
    const imageStoreOf: SimPorts['imageStoreOf'] = (process) => {
      const store = ports.imageStoreOf(process);
      const put: typeof store.put = async (run, image) => {
        const copy = { ...image, bytes: Uint8Array.from(image.bytes) };
        held.set(image.sha256, () => store.put(run, copy));
        // It tells where the image is going to be.
        return new MemoryImageStore().put(run, image);
      };
      return instead(store, { put });
    };
    const remove: TaskQueue['remove'] = async (receipts) => {
      for (const write of held.values()) await write();
      held.clear();
      await ports.queue.remove(receipts);
    };
    return { ...ports, queue: instead(ports.queue, { remove }), imageStoreOf };
  },
  /** What is in the bucket is taken for what was settled. */
  'the tidying of shards before they are published': (ports) => {
    const finish: SimPorts['finish'] = async ({ runId }, _, { shelf }) => {
      const shardlist: { url: string }[] = [];
      for await (const { uri } of shelf.list(shardPrefix(runId)))
        shardlist.push({ url: basename(uri) });
      const manifest = Buffer.from(JSON.stringify({ shardlist }));
      await shelf.write(`${shardPrefix(runId)}manifest.json`, manifest);
      const { length: shards } = shardlist;
      const sums = { shards, images: 0, rewritten: 0, removed: 0, tables: 0 };
      return { kind: 'finished', sums };
    };
    return { ...ports, finish };
  },
  /** Nobody is told where the images of a shard are that was written again. */
  'the new places of images before their old shard is removed': (ports) => {
    const finish: SimPorts['finish'] = (order, isLate, { ledger, ...others }) => {
      const settle = async () => {};
      return ports.finish(order, isLate, { ...others, ledger: instead(ledger, { settle }) });
    };
    return { ...ports, finish };
  },
  /** The queue knows the tasks of a suspended run, and drops them. */
  'names of their own for tasks that are sent again': ({ queue, ...others }) => {
    const send = (tasks: readonly Task[]) => queue.send(tasks);
    return { ...others, queue: instead(queue, { send }) };
  },
  'the made tasks of a run that is resumed': (ports) => {
    const { tasks } = ports.ledger;
    const openRegistered: TaskLedger['openRegistered'] = async function* () {};
    return { ...ports, ledger: { ...ports.ledger, tasks: instead(tasks, { openRegistered }) } };
  },
  /** What was seen when everything was stopped is taken for how it is now. */
  'a look at a run before its tasks leave the queue': (ports) => {
    const { runs } = ports.ledger;
    let stale = 0;
    const look: RunLedger['look'] = async (runId) => {
      const now = await runs.look(runId);
      stale = now.isStopped ? STALE_LOOKS : stale - 1;
      return { ...now, isStopped: stale > 0 };
    };
    return { ...ports, ledger: { ...ports.ledger, runs: instead(runs, { look }) } };
  },
  'the hold on a delivery': ({ queue, ...others }) => {
    const extend = async (receipts: readonly string[], ms: number) => {
      await queue.extend(receipts, ms);
      return new Set(receipts);
    };
    return { ...others, queue: instead(queue, { extend }) };
  },
} as const satisfies Record<string, Replace>;

function withResults({ ledger, ...ports }: SimPorts, others: Partial<ResultLedger>): SimPorts {
  return { ...ports, ledger: { ...ledger, results: instead(ledger.results, others) } };
}

/** An index up to a pack, of its results alone. */
function indexOf({ runId, group, hold, part, results }: ResultPack): GroupIndex {
  const digests = results.map(({ url }) => urlDigest(url));
  const sections = [{ round: 0, passing: false, digests }];
  return { runId, group, upTo: { hold, part }, sections };
}

/** Packs that are in the memory of a worker only: whoever enters their group next has nothing of them. */
class HeldPacks {
  readonly #results: ResultLedger;
  #packs: readonly ResultPack[] = [];

  constructor(results: ResultLedger) {
    this.#results = results;
  }

  add(packs: readonly ResultPack[]): void {
    this.#packs = [...this.#packs, ...packs];
  }

  async write(): Promise<void> {
    const packs = this.#packs;
    this.#packs = [];
    await this.#results.settle(packs);
  }

  readonly enter: ResultLedger['enter'] = (runId, group) => {
    this.#packs = this.#packs.filter((pack) => pack.group !== group);
    return this.#results.enter(runId, group);
  };
}

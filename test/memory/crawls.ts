import { randomUUID } from 'node:crypto';
import { readRsl } from '../../adapters/html/read-rsl.ts';
import { MemoryFifoQueue } from '../../adapters/memory/memory-fifo-queue.ts';
import { MemoryImageStore } from '../../adapters/memory/memory-image-store.ts';
import { createMemoryLedger } from '../../adapters/memory/memory-ledger.ts';
import { MemoryShardObjects } from '../../adapters/memory/memory-shard-objects.ts';
import { deliveryOf, MemoryTaskQueue } from '../../adapters/memory/memory-task-queue.ts';
import { PLAIN_IMAGES } from '../../adapters/memory/plain-images.ts';
import { RunImageStore, storageOf } from '../../adapters/run-image-store.ts';
import { ShardImageStore } from '../../adapters/shards/shard-image-store.ts';
import { parseDelivery } from '../../contract/parse-delivery.ts';
import { type Grouping, groupOfUrl } from '../../core/model/host-group.ts';
import type { SettledResult } from '../../core/model/result.ts';
import type { MemorySettings, Run } from '../../core/model/run.ts';
import type { Target, Task } from '../../core/model/task.ts';
import { createWork } from '../../core/worker/work.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { Notes } from '../worker/notes.ts';
import { aRun, GROUPING } from '../worker/records.ts';
import { inspectScripted, plainLinkRules, readScripted } from '../worker/scripted-site.ts';
import { VersionedSite } from './versioned-site.ts';

/** What a run remembers and asks for when a test does not say. */
export const MEMORY: MemorySettings = { days: 90, ask: 'stale' };
const VISIBILITY_MS = 60_000;
/** Turns of a run before a test calls it endless. */
const MAX_TURNS = 200;

/** What is special about one run of several. */
export interface CrawlChange {
  readonly memory?: Partial<MemorySettings> | 'off';
  readonly settings?: Partial<Run['settings']>;
  readonly grouping?: Grouping;
}

/** Runs one after the other, with one ledger and one store of images. */
export class Crawls {
  readonly clock = new VirtualClock();
  readonly ledger = createMemoryLedger();
  readonly images = new MemoryImageStore();
  readonly shards = new MemoryShardObjects();
  readonly site = new VersionedSite(this.clock);
  readonly notes = new Notes();
  imagesKeptMs = Number.POSITIVE_INFINITY;

  /** A run of these targets to its end: its results by URL. */
  async crawl(
    runId: string,
    targets: readonly Target[],
    { memory = {}, settings = {}, grouping = GROUPING }: CrawlChange = {},
  ): Promise<ReadonlyMap<string, SettledResult>> {
    const tasks = tasksOf(runId, targets, grouping);
    const kept = memory === 'off' ? undefined : { ...MEMORY, ...memory };
    this.ledger.runs.put({ ...aRun(tasks, { memory: kept, ...settings }), runId, grouping });
    await this.ledger.frontier.countSeeds(runId, targets.length);
    await this.#drain(tasks);
    return new Map(this.ledger.results.all(runId).map((result) => [result.url, result]));
  }

  #stores(): RunImageStore {
    const { clock, images, shards: objects } = this;
    return new RunImageStore(storageOf(false, 'objects'), {
      files: () => images,
      objects: () => images,
      shards: () => new ShardImageStore({ objects, clock, newName: randomUUID }),
    });
  }

  async #drain(tasks: readonly Task[]): Promise<void> {
    const limits = { visibilityMs: VISIBILITY_MS, perGroup: 'many' as const, maxReceiveCount: 5 };
    const dead = new MemoryFifoQueue(this.clock, { visibilityMs: VISIBILITY_MS, perGroup: 'many' });
    const fifo = new MemoryFifoQueue(this.clock, { ...limits, deadLetters: dead });
    const queue = new MemoryTaskQueue(fifo);
    await queue.send(tasks);
    const stores = this.#stores();
    const work = createWork({
      clock: this.clock,
      queue,
      ledger: this.ledger,
      fetcher: this.site,
      inspectImage: inspectScripted,
      imageStore: stores,
      earlierImages: stores,
      imagesKeptMs: this.imagesKeptMs,
      ...PLAIN_IMAGES,
      observer: this.notes,
      random: () => 0.5,
      readDocument: readScripted,
      readRsl,
      linkRules: plainLinkRules,
      maxInFlight: 256,
      visibilityMs: VISIBILITY_MS,
    });
    for (let turn = 0; turn < MAX_TURNS && fifo.size > 0; turn += 1) {
      const given = fifo.receive(10).map((message) => {
        const { messageId, body } = message;
        return parseDelivery({ messageId, body, ...deliveryOf(message) });
      });
      const ends = await this.clock.drive(work(given, this.clock.now() + VISIBILITY_MS));
      for (const { receipt, end } of ends) if (end.kind === 'done') queue.acknowledge(receipt);
    }
    if (fifo.size > 0) throw new Error('the run did not end');
  }
}

function tasksOf(runId: string, targets: readonly Target[], grouping: Grouping): readonly Task[] {
  const groups = Map.groupBy(targets, ({ url }) => groupOfUrl(url, grouping));
  return [...groups].map(([group, some]) => {
    return { runId, taskId: `t-${group}`, group, round: 0, targets: some };
  });
}

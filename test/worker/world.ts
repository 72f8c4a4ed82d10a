import { readRsl } from '../../adapters/html/read-rsl.ts';
import { type DeliveredMessage, MemoryFifoQueue } from '../../adapters/memory/memory-fifo-queue.ts';
import { MemoryImageStore } from '../../adapters/memory/memory-image-store.ts';
import { createMemoryLedger } from '../../adapters/memory/memory-ledger.ts';
import { deliveryOf, MemoryTaskQueue } from '../../adapters/memory/memory-task-queue.ts';
import { PLAIN_IMAGES } from '../../adapters/memory/plain-images.ts';
import { SILENT_OBSERVER } from '../../adapters/memory/silent-observer.ts';
import { parseDelivery } from '../../contract/parse-delivery.ts';
import { progressOf, type RunProgress } from '../../core/model/progress.ts';
import type { SettledResult } from '../../core/model/result.ts';
import type { Run, RunSettings } from '../../core/model/run.ts';
import type { Task } from '../../core/model/task.ts';
import type { OnImage } from '../../core/ports/hooks.ts';
import type { ImageStore } from '../../core/ports/images.ts';
import type { Observer } from '../../core/ports/observer.ts';
import type { Delivery, TaskQueue } from '../../core/ports/task-queue.ts';
import { type Dismantled, dismantle } from '../../core/worker/dismantle.ts';
import type { WorkedTask } from '../../core/worker/given-messages.ts';
import { createWork, type Work } from '../../core/worker/work.ts';
import { instead } from '../instead.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { type Death, Life } from './life.ts';
import { aRun, RUN_ID } from './records.ts';
import {
  inspectScripted,
  plainLinkRules,
  readScripted,
  ScriptedSite,
  type SiteScript,
} from './scripted-site.ts';

/** What is special about a world. */
export interface WorldOptions {
  readonly settings?: Partial<RunSettings>;
  readonly latencyMs?: number;
  readonly perGroup?: 'one' | 'many';
  readonly maxReceiveCount?: number;
  readonly imageStore?: ImageStore;
  readonly onImage?: OnImage;
  readonly observer?: Observer;
  /** Deaths of the workers to come, one for each life; later ones live on. */
  readonly deaths?: readonly Death[];
  /** How long a message is hidden, in milliseconds; by default longer than any worker lives. */
  readonly visibilityMs?: number;
  readonly maxInFlight?: number;
  /** From 0 up to 1; seeded when absent. */
  readonly random?: () => number;
}

/** Time that a worker has for a batch, in milliseconds, and how long its messages are hidden. */
const TIMEOUT_MS = 180_000;
const VISIBILITY_MS = 6 * TIMEOUT_MS;
/** How long a worker holds a message without a heartbeat, in milliseconds. */
const LEASE_MS = 60_000;
/** Turns of a run before a test calls it endless. */
const MAX_TURNS = 2000;

interface Worker {
  readonly life: Life;
  readonly work: Work;
}

/** One run with its queue, its ledger and its workers, all in memory and in virtual time. */
export class World {
  readonly clock = new VirtualClock();
  readonly dead: MemoryFifoQueue;
  readonly fifo: MemoryFifoQueue;
  readonly queue: MemoryTaskQueue;
  readonly ledger = createMemoryLedger();
  readonly images = new MemoryImageStore();
  readonly site: ScriptedSite;
  readonly dismantled: Dismantled[] = [];
  readonly #options: WorldOptions;
  readonly #deaths: Death[];
  #worker: Worker;
  #random = 42;
  /** Whether workers receive further tasks themselves. */
  #isStream = false;

  constructor(script: SiteScript, options: WorldOptions = {}) {
    const { perGroup = 'many', maxReceiveCount = 5, latencyMs = 0, deaths = [] } = options;
    const { visibilityMs = VISIBILITY_MS } = options;
    this.#options = options;
    this.#deaths = [...deaths];
    this.dead = new MemoryFifoQueue(this.clock, { visibilityMs: 360_000, perGroup });
    this.fifo = new MemoryFifoQueue(this.clock, {
      visibilityMs,
      perGroup,
      maxReceiveCount,
      deadLetters: this.dead,
    });
    this.queue = new MemoryTaskQueue(this.fifo);
    this.site = new ScriptedSite(script, this.clock, latencyMs);
    this.#worker = this.#hire();
  }

  /** A run whose seeding is finished with these tasks. */
  async begin(tasks: readonly Task[], change: Partial<Run> = {}): Promise<void> {
    this.ledger.runs.put({ ...aRun(tasks, this.#options.settings), ...change });
    const seeds = tasks.reduce((sum, { targets }) => sum + targets.length, 0);
    await this.ledger.frontier.countSeeds(RUN_ID, seeds);
    await this.queue.send(tasks);
  }

  /** One batch, as an event source hands it over, and nothing else; undefined when the worker died of it. */
  async deliver(max = 10, timeoutMs = TIMEOUT_MS): Promise<readonly WorkedTask[] | undefined> {
    const given = this.fifo.receive(max).map(toDelivery);
    const { life, work } = this.#worker;
    const deadlineMs = this.clock.now() + timeoutMs;
    const ends = await this.clock.drive(Promise.race([work(given, deadlineMs), life.death]));
    if (ends === 'dead') {
      this.#worker = this.#hire();
      return undefined;
    }
    for (const { receipt, end } of ends) {
      if (end.kind === 'done') this.queue.acknowledge(receipt);
    }
    return ends;
  }

  /** Likewise, and the worker receives further messages itself as long as it lives. */
  async stream(max = 10, timeoutMs = TIMEOUT_MS): Promise<readonly WorkedTask[] | undefined> {
    this.#isStream = true;
    const ends = await this.deliver(max, timeoutMs);
    this.#isStream = false;
    return ends;
  }

  /** One batch of dead letters, taken apart; false when there was none to get. */
  async deliverDead(): Promise<boolean> {
    const batch = this.dead.receive(10);
    for (const message of batch) {
      const life = new Life(this.#deaths.shift());
      const { queue, ledger, clock } = this;
      const delivery = toDelivery(message);
      if (delivery.kind === 'poison') {
        await ledger.tasks.keepPoison(message.messageId, message.body);
        this.dead.acknowledge(message.receipt);
        continue;
      }
      const { task } = delivery.received;
      const ports = { clock, ...bindPorts(life, queue, ledger) };
      const job = dismantle(task, ports, delivery.received.receiveCount);
      const end = await clock.drive(Promise.race([job, life.death]));
      if (end === 'dead') return true;
      this.dismantled.push(end);
      this.dead.acknowledge(message.receipt);
    }
    return batch.length > 0;
  }

  /** Delivers until both queues are empty. Throws when they never are. */
  async drain(timeoutMs = TIMEOUT_MS, firstTimeouts: readonly number[] = []): Promise<void> {
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      if (this.fifo.depth() > 0 && (await this.#deliverSome(firstTimeouts[turn] ?? timeoutMs)))
        continue;
      if (this.dead.depth() > 0 && (await this.deliverDead())) continue;
      if (!(await this.waitForReturn())) return;
    }
    throw new Error(`the run did not end in ${MAX_TURNS} turns`);
  }

  /** Time passes until the next message comes back; false when none is out. */
  async waitForReturn(): Promise<boolean> {
    const { fifo, dead, queue, clock } = this;
    const times = [fifo.nextReturnMs(), dead.nextReturnMs(), queue.nextReleaseMs()];
    const known = times.filter((time) => time !== undefined);
    if (known.length === 0) return false;
    await clock.advance(Math.max(0, Math.min(...known) - clock.now()));
    queue.release();
    return true;
  }

  /** The present worker is given up, its memory with it, and another one takes its place. */
  replaceWorker(): void {
    this.#worker = this.#hire();
  }

  get results(): readonly SettledResult[] {
    return this.ledger.results.all(RUN_ID);
  }

  /** What was found in pages and left out. */
  get leftOut() {
    return this.ledger.frontier.leftOut(RUN_ID);
  }

  /** The one result of a URL. */
  result(url: string): SettledResult | undefined {
    return this.results.find((result) => result.url === url);
  }

  async run(): Promise<Run> {
    const run = await this.ledger.runs.read(RUN_ID);
    if (run === undefined) throw new Error('the run did not begin');
    return run;
  }

  async change(change: Partial<Run>): Promise<void> {
    this.ledger.runs.put({ ...(await this.run()), ...change });
  }

  async progress(): Promise<RunProgress> {
    return progressOf(await this.run(), this.ledger.tasks.sumsNow(RUN_ID));
  }

  /** Calls of ports that the present worker has made. */
  get calls(): number {
    return this.#worker.life.calls;
  }

  /** False when group locks kept everything back. */
  async #deliverSome(timeoutMs: number): Promise<boolean> {
    const ends = await this.stream(10, timeoutMs);
    return ends === undefined || ends.length > 0;
  }

  #hire(): Worker {
    const life = new Life(this.#deaths.shift());
    const { clock, site, queue } = this;
    const { imageStore = this.images, onImage = PLAIN_IMAGES.onImage } = this.#options;
    const { visibilityMs = LEASE_MS, maxInFlight = 256 } = this.#options;
    const receive: typeof queue.receive = async (options) =>
      this.#isStream ? queue.receive(options) : [];
    const work = createWork({
      clock,
      fetcher: life.bind({ fetch: (request) => site.fetch(request, () => life.end()) }),
      inspectImage: inspectScripted,
      imageStore: life.bind(imageStore),
      earlierImages: this.images,
      ...PLAIN_IMAGES,
      onImage,
      observer: this.#options.observer ?? SILENT_OBSERVER,
      random: this.#options.random ?? (() => this.#nextRandom()),
      readDocument: readScripted,
      readRsl,
      linkRules: plainLinkRules,
      maxInFlight,
      visibilityMs: Math.min(LEASE_MS, visibilityMs),
      ...bindPorts(life, instead(queue, { receive }), this.ledger),
    });
    return { life, work };
  }

  /** The Lehmer generator: seeded, so that a test is the same each time. */
  #nextRandom(): number {
    this.#random = (this.#random * 48_271) % 2_147_483_647;
    return this.#random / 2_147_483_647;
  }
}

function toDelivery(message: DeliveredMessage): Delivery {
  const { messageId, body } = message;
  return parseDelivery({ messageId, body, ...deliveryOf(message) });
}

function bindPorts(life: Life, queue: TaskQueue, ledger: World['ledger']) {
  const runs = life.bind(ledger.runs);
  const tasks = life.bind(ledger.tasks);
  const results = life.bind(ledger.results);
  const hosts = life.bind(ledger.hosts);
  const frontier = life.bind(ledger.frontier);
  const memory = life.bind(ledger.memory);
  const backlog = life.bind(ledger.backlog);
  return {
    queue: life.bind(queue),
    ledger: { runs, tasks, results, hosts, frontier, memory, backlog },
  };
}

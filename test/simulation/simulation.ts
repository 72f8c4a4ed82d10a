import { MemoryFifoQueue } from '../../adapters/memory/memory-fifo-queue.ts';
import { MemoryImageStore } from '../../adapters/memory/memory-image-store.ts';
import { createMemoryLedger, type MemoryLedger } from '../../adapters/memory/memory-ledger.ts';
import { MemoryShardObjects } from '../../adapters/memory/memory-shard-objects.ts';
import { MemoryTaskQueue } from '../../adapters/memory/memory-task-queue.ts';
import { finishRun } from '../../adapters/shards/finish-run.ts';
import { ShardImageStore } from '../../adapters/shards/shard-image-store.ts';
import { groupOfUrl } from '../../core/hosts/host-group.ts';
import { FIRST_CHECKPOINT, type Run, type RunSettings } from '../../core/model/run.ts';
import type { EarlierImages, ImagePlace, ImageStore } from '../../core/ports/images.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { TaskQueue } from '../../core/ports/task-queue.ts';
import { instead } from '../instead.ts';
import { settled, VirtualClock } from '../virtual-clock.ts';
import { aRun, RUN_ID } from '../worker/records.ts';
import type { Script } from '../worker/scripted-site.ts';
import { check } from './check.ts';
import { DeadLetterService } from './dead-letter-service.ts';
import { DeferralService } from './deferral-service.ts';
import { type Earlier, keepEarlier } from './earlier-run.ts';
import { aList, type Lists, ScriptedSource } from './scripted-source.ts';
import { seededRandom } from './seeded-random.ts';
import { SeederService } from './seeder-service.ts';
import { SimProcess } from './sim-process.ts';
import { SimSite } from './sim-site.ts';
import type { Verdict } from './verdict.ts';
import { clockOf, type MishapPlan, Wire } from './wire.ts';
import { WorkerService } from './worker-service.ts';

/** What a run is like, and in which world it goes on. */
export interface Shape {
  readonly lists: Lists;
  readonly script: Script;
  readonly settings?: Partial<RunSettings>;
  /** URLs that are found in pages, and have to be settled besides those of the lists. */
  readonly found?: readonly string[];
  /** What an earlier run kept, see `Earlier`. */
  readonly earlier?: readonly Earlier[];
  /** URLs that kill whoever asks for them. */
  readonly poison?: readonly string[];
  /** Hosts that are only redirected to. */
  readonly elsewhere?: readonly string[];
  readonly windowSize?: number;
  readonly groups?: number;
  /** When a person cancels the run, in milliseconds after its start. */
  readonly cancelAfterMs?: number;
  /** When a second event for the seeder comes, in milliseconds after the first. */
  readonly seedAgainMs?: number;
  readonly workers?: number;
  readonly maxInFlight?: number;
  readonly batchSize?: number;
  readonly perGroup?: 'one' | 'many';
  readonly maxReceiveCount?: number;
  readonly workerTimeoutMs?: number;
  readonly seederTimeoutMs?: number;
  /** Longest time of a call to AWS in one direction, in milliseconds. */
  readonly latencyMs?: number;
  /** Longest time of an answer of a site, in milliseconds. */
  readonly siteMs?: number;
  /** Events before the run is called endless. */
  readonly maxEvents?: number;
  /** Longest time between a receive and its invocation, as a share of the visibility time. */
  readonly pollerShare?: number;
}

/** What happens to a run that its shape does not say. */
export interface Fate {
  readonly seed: number;
  readonly plan: MishapPlan;
  /** Puts something else in a port's place. */
  readonly replace?: (ports: SimPorts) => SimPorts;
}

/** What outlives every process. */
export interface SimPorts {
  readonly queue: TaskQueue;
  readonly ledger: Ledger;
  /** How a process keeps images. */
  readonly imageStoreOf: (process: SimProcess) => ImageStore & EarlierImages;
  /** Tidies and publishes shards when the run has ended. */
  readonly finish: typeof finishRun;
}

/** A part of a shard is of two images: some shards are sent in parts, and some at once. */
const PART_BYTES = 2000;
/** Host groups, where a shape says nothing else. */
const GROUPS = 97;
/** Events of a run before it is called endless. */
const MAX_EVENTS = 200_000;
/** A worker's messages stay hidden for six times its limit, as the stack has it. */
export const VISIBILITY_FACTOR = 6;

/** One run with all that works on it, in virtual time: seeder, workers, dead letters, and what AWS does. */
export class Simulation {
  readonly shape: Shape;
  readonly clock = new VirtualClock();
  readonly random: () => number;
  readonly ledger: MemoryLedger = createMemoryLedger();
  readonly images = new MemoryImageStore();
  readonly shards = new MemoryShardObjects();
  readonly source: ScriptedSource;
  readonly site: SimSite;
  readonly wire: Wire;
  readonly ports: SimPorts;
  /** URLs of all tasks that were ever sent. */
  readonly #sent = new Set<string>();
  fifo: MemoryFifoQueue;
  dead: MemoryFifoQueue;
  deaths = 0;
  endedEarly = 0;
  readonly #processes = new Set<SimProcess>();
  readonly #workers: WorkerService;
  readonly #deadLetters: DeadLetterService;
  readonly deferrals: DeferralService;
  readonly seeder: SeederService;
  #events = 0;
  /** Shards that were begun. */
  #shards = 0;

  constructor(shape: Shape, fate: Fate) {
    this.shape = shape;
    this.random = seededRandom(fate.seed);
    const { clock, random, ledger } = this;
    const { latencyMs = 4, siteMs = 20, settings = {}, elsewhere = [], script, lists } = shape;
    this.source = new ScriptedSource(lists);
    this.site = new SimSite({
      script,
      clock,
      random,
      latencyMs: siteMs,
      elsewhere: new Set(elsewhere),
      delayMs: settings.delayMs ?? 0,
      perHost: settings.perHost ?? 6,
      keptPauseMs: (host) => ledger.hosts.record(host)?.pausedUntilMs ?? 0,
    });
    this.wire = new Wire({
      clock,
      random,
      latencyMs,
      plan: fate.plan,
      onPowerCut: () => this.#cutPower(),
    });
    [this.fifo, this.dead] = this.#createQueues();
    this.deferrals = new DeferralService(this);
    const imageStoreOf = (process: SimProcess) => this.#imageStoreOf(process);
    const own = { queue: this.#currentQueue(), ledger, imageStoreOf, finish: finishRun };
    this.ports = fate.replace?.(own) ?? own;
    this.seeder = new SeederService(this);
    this.#workers = new WorkerService(this);
    this.#deadLetters = new DeadLetterService(this);
  }

  /** Runs to the end, or to where nothing moves any more. */
  async run(): Promise<Verdict> {
    const open = { seeding: 'open', checkpoint: FIRST_CHECKPOINT } as const;
    const lists = Object.keys(this.shape.lists).map(aList);
    const grouping = { groups: this.shape.groups ?? GROUPS, hostShards: {} };
    this.ledger.runs.put({ ...aRun([], this.shape.settings), ...open, lists, grouping });
    const { cancelAfterMs } = this.shape;
    if (cancelAfterMs !== undefined) this.clock.schedule(cancelAfterMs, () => this.#cancel());
    const { seedAgainMs } = this.shape;
    if (seedAgainMs !== undefined)
      this.seeder.schedule(seedAgainMs, () => this.seeder.invoke({ runId: RUN_ID, wake: false }));
    await keepEarlier(this, grouping);
    this.seeder.invoke({ runId: RUN_ID, wake: false });
    const { maxEvents = MAX_EVENTS } = this.shape;
    while (this.#events < maxEvents && (await this.#advance())) this.#events += 1;
    const writes = this.ledger.results.writes(RUN_ID).length;
    await this.#finish();
    return check(this, writes);
  }

  /** A new process of that name, which dies when it dies, and when the power fails. */
  start(name: string): SimProcess {
    const process = new SimProcess(name);
    this.#processes.add(process);
    process.onDeath(() => {
      this.deaths += 1;
      this.#processes.delete(process);
    });
    return process;
  }

  /** A process is over that did what it was started for. */
  end(process: SimProcess): void {
    this.#processes.delete(process);
  }

  /** The ports as a process reaches them. */
  portsOf(process: SimProcess) {
    const { queue, ledger, imageStoreOf } = this.ports;
    const connect = <T extends object>(port: T): T => this.wire.connect(process, port);
    const { runs, tasks, results, hosts, frontier, memory, backlog } = ledger;
    const images = imageStoreOf(process);
    return {
      queue: connect(queue),
      imageStore: images,
      earlierImages: images,
      ledger: {
        runs: connect(runs),
        tasks: connect(tasks),
        results: connect(results),
        hosts: connect(hosts),
        frontier: connect(frontier),
        memory: connect(memory),
        backlog: connect(backlog),
      },
    };
  }

  /** The bytes of an image that a result refers to; undefined where they cannot be read. */
  imageAt({ file = '', offset, length = 0 }: Partial<ImagePlace>): Uint8Array | undefined {
    if (offset === undefined) return this.images.read(file);
    return this.shards.peek(file)?.subarray(offset, offset + length);
  }

  /** What of the run is under way: it grows neither with its length nor with what went wrong. */
  get held() {
    const { clock, fifo, dead, deferrals } = this;
    const messages = fifo.size + dead.size + deferrals.queue.size;
    return { processes: this.#processes.size, alarms: clock.size, messages };
  }

  /** URLs of all tasks that were ever sent or put into the backlog. */
  get given(): ReadonlySet<string> {
    const tasks = this.ledger.backlog.all(RUN_ID);
    return new Set([
      ...this.#sent,
      ...tasks.flatMap(({ targets }) => targets.map(({ url }) => url)),
    ]);
  }

  get currentRun(): Run | undefined {
    return this.ledger.runs.peek(RUN_ID);
  }

  /** One thing happens; false when nothing can happen any more. */
  async #advance(): Promise<boolean> {
    await settled();
    // What is late after a jump of the clock comes before anything that begins only now.
    if ((this.clock.nextMs() ?? Number.POSITIVE_INFINITY) < this.clock.now())
      return this.clock.step();
    if (this.#workers.take() || this.#deadLetters.take() || this.deferrals.take()) return true;
    const returns = [this.fifo.nextReturnMs(), this.dead.nextReturnMs(), this.deferrals.nextMs];
    const back = Math.min(...returns.map((ms) => ms ?? Number.POSITIVE_INFINITY));
    const next = this.clock.nextMs() ?? Number.POSITIVE_INFINITY;
    if (back < next) await this.clock.advance(Math.max(0, back - this.clock.now()));
    else if (!this.clock.step()) return false;
    return true;
  }

  /** Shards gather in the memory of a process, and are gone with it. */
  #imageStoreOf(process: SimProcess): ImageStore & EarlierImages {
    const { clock, images, shards, shape, wire } = this;
    if (shape.settings?.imageStorage !== 'shards')
      return instead(wire.connect(process, images), {
        rootOf: () => images.rootOf(),
        holds: (...given) => images.holds(...given),
        adopt: (...given) => images.adopt(...given),
      });
    return new ShardImageStore({
      objects: instead(wire.connect(process, shards), { uriOf: (key) => shards.uriOf(key) }),
      clock: clockOf(process, clock),
      newName: () => this.#newShardName(),
      partBytes: PART_BYTES,
    });
  }

  /** As the command does when a run has ended. */
  async #finish(): Promise<void> {
    const { clock, ledger, shards, shape } = this;
    if (shape.settings?.imageStorage !== 'shards') return;
    const results = async function* () {
      yield* ledger.results.all(RUN_ID);
    };
    const newName = () => this.#newShardName();
    const grouping = { groups: shape.groups ?? GROUPS, hostShards: {} };
    await this.ports.finish(
      { runId: RUN_ID, results, groupOf: (url) => groupOfUrl(url, grouping), graceMs: 0 },
      { shelf: shards, ledger: ledger.results, clock, newName },
    );
  }

  #newShardName(): string {
    this.#shards += 1;
    return String(this.#shards);
  }

  #cancel(): void {
    const run = this.currentRun;
    if (run !== undefined) this.ledger.runs.put({ ...run, cancelled: true });
  }

  /** Every process ends, and with them the queues: those of one machine are memory. */
  #cutPower(): void {
    for (const process of [...this.#processes]) process.die();
    [this.fifo, this.dead] = this.#createQueues();
    this.deferrals.cutPower();
    this.seeder.cutPower();
  }

  #createQueues(): [MemoryFifoQueue, MemoryFifoQueue] {
    const { perGroup = 'many', maxReceiveCount = 5, workerTimeoutMs = 180_000 } = this.shape;
    const { clock } = this;
    const dead = new MemoryFifoQueue(clock, { visibilityMs: 360_000, perGroup });
    const visibilityMs = VISIBILITY_FACTOR * workerTimeoutMs;
    const limits = { visibilityMs, perGroup, maxReceiveCount, deadLetters: dead };
    return [new MemoryFifoQueue(clock, limits), dead];
  }

  /** The queue that is there when it is called: after a power cut that is another one. */
  #currentQueue(): TaskQueue {
    const current = () => new MemoryTaskQueue(this.fifo, this.deferrals.queue);
    return {
      send: async (tasks) => {
        for (const { targets } of tasks) for (const { url } of targets) this.#sent.add(url);
        await current().send(tasks);
      },
      defer: async (tasks, delayMs) => {
        for (const { targets } of tasks) for (const { url } of targets) this.#sent.add(url);
        await current().defer(tasks, delayMs);
      },
      receive: (options) => current().receive(options),
      postpone: (receipt, delayMs) => current().postpone(receipt, delayMs),
      extend: (receipts, visibilityMs) => current().extend(receipts, visibilityMs),
      remove: (receipts) => current().remove(receipts),
      depth: () => current().depth(),
    };
  }
}

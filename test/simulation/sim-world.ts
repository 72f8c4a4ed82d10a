import { finishInvocation } from '../../adapters/finish/finish-invocation.ts';
import { MemoryDeferredQueue } from '../../adapters/memory/memory-deferred-queue.ts';
import { MemoryFifoQueue } from '../../adapters/memory/memory-fifo-queue.ts';
import { MemoryImageStore } from '../../adapters/memory/memory-image-store.ts';
import { createMemoryLedger, type MemoryLedger } from '../../adapters/memory/memory-ledger.ts';
import { MemoryShardObjects } from '../../adapters/memory/memory-shard-objects.ts';
import { MemoryTaskQueue } from '../../adapters/memory/memory-task-queue.ts';
import { ShardImageStore } from '../../adapters/shards/shard-image-store.ts';
import { QUEUE_LIMITS } from '../../contract/limits.ts';
import type { Run } from '../../core/model/run.ts';
import type { CostMeter } from '../../core/ports/cost-meter.ts';
import type { EarlierImages, ImagePlace, ImageStore } from '../../core/ports/images.ts';
import type { TaskQueue } from '../../core/ports/task-queue.ts';
import { instead } from '../instead.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { RUN_ID } from '../worker/records.ts';
import { ScriptedSource } from './scripted-source.ts';
import { seededRandom } from './seeded-random.ts';
import type { Fate, Shape, SimPorts } from './shape.ts';
import { SimProcess } from './sim-process.ts';
import { SimSite } from './sim-site.ts';
import { clockOf, Wire } from './wire.ts';

/** A part of a shard is of two images: some shards are sent in parts, and some at once. */
const PART_BYTES = 2000;
/** A worker's messages stay hidden for six times its limit, as the stack has it. */
export const VISIBILITY_FACTOR = 6;

/** Where a run goes on: what outlives its processes, those that are alive, and how they reach it. */
export class SimWorld {
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
  fifo: MemoryFifoQueue;
  dead: MemoryFifoQueue;
  deferred = new MemoryDeferredQueue();
  deaths = 0;
  /** Times that a run was told to be over while it was not. */
  endedEarly = 0;
  /** Tasks that left the queue since their run was suspended. */
  suspended = 0;
  /** URLs of all tasks that were ever sent. */
  readonly #sent = new Set<string>();
  readonly #processes = new Set<SimProcess>();
  /** Shards that were begun. */
  #shards = 0;

  constructor(shape: Shape, fate: Fate, onPowerCut: () => void) {
    this.shape = shape;
    this.random = seededRandom(fate.seed);
    const { clock, random, ledger } = this;
    const { latencyMs = 4, lists } = shape;
    this.source = new ScriptedSource(lists);
    this.site = this.#createSite();
    this.wire = new Wire({
      clock,
      random,
      latencyMs,
      plan: fate.plan,
      onPowerCut: () => {
        this.#cutPower();
        onPowerCut();
      },
    });
    [this.fifo, this.dead] = this.#createQueues();
    const imageStoreOf = (process: SimProcess) => this.#imageStoreOf(process);
    const own = { queue: this.#currentQueue(), ledger, imageStoreOf, finish: finishInvocation };
    this.ports = fate.replace?.(own) ?? own;
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

  /** What a process costs: a dollar for each call. Counted only where the run has a ceiling. */
  meterOf(process: SimProcess): CostMeter | undefined {
    const { maxCost } = this.shape.settings ?? {};
    return maxCost === undefined ? undefined : { dollars: () => process.calls };
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
    const { clock, fifo, dead, deferred } = this;
    const messages = fifo.size + dead.size + deferred.size;
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

  newShardName(): string {
    this.#shards += 1;
    return String(this.#shards);
  }

  #createSite(): SimSite {
    const { clock, random, ledger, shape } = this;
    const { siteMs = 20, settings = {}, elsewhere = [], script } = shape;
    return new SimSite({
      script,
      clock,
      random,
      latencyMs: siteMs,
      elsewhere: new Set(elsewhere),
      delayMs: settings.delayMs ?? 0,
      perHost: settings.perHost ?? 6,
      keptPauseMs: (host) => ledger.hosts.record(host)?.pausedUntilMs ?? 0,
    });
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
      newName: () => this.newShardName(),
      partBytes: PART_BYTES,
    });
  }

  /** Every process ends, and with them the queues: those of one machine are memory. */
  #cutPower(): void {
    for (const process of [...this.#processes]) process.die();
    [this.fifo, this.dead] = this.#createQueues();
    this.deferred = new MemoryDeferredQueue();
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
    const current = () => new MemoryTaskQueue(this.fifo, this.deferred);
    return {
      limits: QUEUE_LIMITS,
      send: async (tasks, wake) => {
        for (const { targets } of tasks) for (const { url } of targets) this.#sent.add(url);
        await current().send(tasks, wake);
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

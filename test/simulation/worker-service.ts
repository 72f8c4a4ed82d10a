import { readRsl } from '../../adapters/html/read-rsl.ts';
import type { DeliveredMessage } from '../../adapters/memory/memory-fifo-queue.ts';
import { PLAIN_IMAGES } from '../../adapters/memory/plain-images.ts';
import { SILENT_OBSERVER } from '../../adapters/memory/silent-observer.ts';
import { progressOf } from '../../core/model/progress.ts';
import { createWork, type Work } from '../../core/worker/work.ts';
import { instead } from '../instead.ts';
import { RUN_ID } from '../worker/records.ts';
import { inspectScripted, plainLinkRules, readScripted } from '../worker/scripted-site.ts';
import { readDelivery } from './received-tasks.ts';
import type { SimProcess } from './sim-process.ts';
import { type SimWorld, VISIBILITY_FACTOR } from './sim-world.ts';
import { clockOf } from './wire.ts';

const WORKERS = 2;
const BATCH = 10;
const TIMEOUT_MS = 180_000;
const MAX_IN_FLIGHT = 256;
/** Results of a group from which on they are indexed: these runs have few. */
const INDEX_FROM = 2;
/** How long a worker holds a message without a heartbeat, in milliseconds. */
const LEASE_MS = 60_000;

interface Instance {
  readonly process: SimProcess;
  readonly work: Work;
}

/** What Lambda does between the task queue and the workers: polls, invokes, kills at the limit, deletes. */
export class WorkerService {
  readonly #world: SimWorld;
  readonly #idle: Instance[] = [];
  #busy = 0;

  constructor(world: SimWorld) {
    this.#world = world;
  }

  /** Hands a batch to a worker; false when there is none, or no worker free. */
  take(): boolean {
    const { fifo, shape } = this.#world;
    if (this.#busy >= (shape.workers ?? WORKERS) || fifo.size === 0) return false;
    const batch = fifo.receive(shape.batchSize ?? BATCH);
    if (batch.length === 0) return false;
    this.#busy += 1;
    void this.#invoke(batch).finally(() => {
      this.#busy -= 1;
    });
    return true;
  }

  async #invoke(batch: readonly DeliveredMessage[]): Promise<void> {
    const { clock, random, shape } = this.#world;
    // Functions are throttled at times: the messages wait with whoever polls.
    const { pollerShare = 0, workerTimeoutMs: timeoutMs = TIMEOUT_MS } = shape;
    const { fifo } = this.#world;
    const longestMs = pollerShare * VISIBILITY_FACTOR * timeoutMs;
    if (longestMs > 0) await clock.sleep(Math.floor(random() * longestMs));
    // Pollers are gone with the power too, and what they held.
    if (fifo !== this.#world.fifo) return;
    const instance = this.#wake();
    const { process, work } = instance;
    const spare = this.#killAfter(timeoutMs, process);
    const given = batch.map(
      (message) => ({ kind: 'task', received: readDelivery(message) }) as const,
    );
    const job = work(given, clock.now() + timeoutMs);
    const ends = await Promise.race([job, process.death]);
    spare();
    if (ends === 'dead') return;
    const done = ends.filter(({ end }) => end.kind === 'done');
    await Promise.all(done.map(({ receipt }) => this.#delete(process, receipt)));
    this.#watchEnd();
    if (!process.isDead) this.#idle.push(instance);
  }

  /** A message that could not be deleted comes again. */
  async #delete(process: SimProcess, receipt: string): Promise<void> {
    const { wire, fifo } = this.#world;
    const remove = async () => fifo.acknowledge(receipt);
    const call = wire.call(process, 'delete', [receipt], remove).catch(() => {});
    await Promise.race([call, process.death]);
  }

  /** At the limit of a worker, which is not the time of day: a clock that jumps does not reach it. */
  #killAfter(ms: number, process: SimProcess): () => void {
    const { clock } = this.#world;
    const { jumpedMs } = clock;
    let spare = clock.schedule(ms, () => {
      const leftMs = clock.jumpedMs - jumpedMs;
      if (leftMs === 0) process.die();
      else spare = this.#killAfter(leftMs, process);
    });
    return () => spare();
  }

  #wake(): Instance {
    for (let one = this.#idle.pop(); one !== undefined; one = this.#idle.pop()) {
      if (!one.process.isDead) return one;
    }
    return this.#hire();
  }

  #hire(): Instance {
    const { clock, random, site, wire, shape } = this.#world;
    const process = this.#world.start('worker');
    const work = createWork({
      ...this.#world.portsOf(process),
      random,
      inspectImage: inspectScripted,
      clock: clockOf(process, clock),
      fetcher: wire.connect(process, { fetch: (request) => site.fetch(process, request) }),
      ...PLAIN_IMAGES,
      meter: this.#world.meterOf(process),
      observer: instead(SILENT_OBSERVER, {
        taskEnded: (_, { kind }) => {
          if (kind === 'suspended') this.#world.suspended += 1;
        },
      }),
      readDocument: readScripted,
      readRsl,
      linkRules: plainLinkRules,
      indexFrom: INDEX_FROM,
      maxInFlight: shape.maxInFlight ?? MAX_IN_FLIGHT,
      visibilityMs: LEASE_MS,
    });
    return { process, work };
  }

  /** Whoever follows the run must not be told of an end that did not happen. */
  #watchEnd(): void {
    const { ledger, currentRun } = this.#world;
    // Nobody is told of an end before; and the sums of a long run take long.
    if (currentRun?.seeding !== 'finished') return;
    const { ended } = progressOf(currentRun, ledger.tasks.sumsNow(RUN_ID));
    if (ended && ledger.results.size < this.#world.given.size) this.#world.endedEarly += 1;
  }
}

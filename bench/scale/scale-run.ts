import { PLAIN_IMAGES } from '../../adapters/memory/plain-images.ts';
import { SILENT_OBSERVER } from '../../adapters/memory/silent-observer.ts';
import { ShardImageStore } from '../../adapters/shards/shard-image-store.ts';
import { hostGroup } from '../../core/model/host-group.ts';
import type { Run } from '../../core/model/run.ts';
import type { Fetcher } from '../../core/ports/fetcher.ts';
import type { LinkRules } from '../../core/ports/link-rules.ts';
import { seed } from '../../core/seed/seed.ts';
import { createWork, type Work } from '../../core/worker/work.ts';
import { settled as untilSettled, VirtualClock } from '../../test/virtual-clock.ts';
import { MB_PER_CPU } from './facts.ts';
import { createLeanLedger, type LeanLedger } from './ledger/create-lean-ledger.ts';
import { WEIGHTS } from './ledger/weights.ts';
import { Milestones } from './milestones.ts';
import { modelRun, RUN_ID } from './model-run.ts';
import { Bucket } from './models/bucket.ts';
import { EventSource } from './models/event-source.ts';
import { FifoQueue } from './models/fifo-queue.ts';
import { Table } from './models/table.ts';
import type { ScaleOptions } from './scale-options.ts';
import { seedCoarse } from './seeding/coarse-seeder.ts';
import { CoarseWindows } from './seeding/coarse-window.ts';
import { ExactSource } from './seeding/exact-source.ts';
import { inspectModel, modelFetcher } from './web/answers.ts';
import { bundleAnswers } from './web/bundle-answers.ts';
import { exactAnswers, hostName } from './web/exact-answers.ts';
import { HostWeb } from './web/host-web.ts';
import { Pacer } from './web/pacer.ts';
import { Processor } from './web/processor.ts';

/** How long a worker holds a message without a heartbeat, in milliseconds. */
const LEASE_MS = 60_000;
/** Lambda's limit, and the seeder's. */
const SEEDER_MS = 900_000;

/** A crawl in virtual time: the seeder and workers of the core, on models of AWS and of the web. */
export class ScaleRun {
  readonly options: ScaleOptions;
  readonly clock = new VirtualClock();
  readonly web: HostWeb;
  readonly pacer: Pacer;
  readonly table: Table;
  readonly bucket: Bucket;
  readonly queue: FifoQueue;
  readonly ledger: LeanLedger;
  readonly source: EventSource;
  readonly milestones: Milestones;
  /** Time of all workers together until nine tenths were settled, in milliseconds. */
  busyUntil90Ms = 0;
  /** When the list was seeded, in milliseconds after the beginning. */
  seededMs: number | undefined;
  /** Virtual events so far. */
  events = 0;
  #images = 0;
  #fault: { readonly error: unknown } | undefined;

  constructor(options: ScaleOptions, shares: readonly number[] = [0.5, 0.9, 1]) {
    this.options = options;
    const { clock } = this;
    this.web = new HostWeb(options);
    this.pacer = new Pacer(this.web, clock, options);
    this.table = new Table(clock);
    this.bucket = new Bucket(clock);
    this.queue = new FifoQueue(clock);
    const weights = WEIGHTS[options.detail];
    this.ledger = createLeanLedger(this.table, weights);
    this.milestones = new Milestones(clock, options.urls, shares);
    this.ledger.results.onWrite = (url) => this.milestones.add(weights.urlsIn(url));
    this.source = new EventSource({
      clock,
      queue: this.queue,
      concurrency: Math.min(options.workers, options.groups),
      // A task of a coarse model takes longer: with the limit as it is, more of them would be cut.
      timeoutMs: options.workerTimeoutS * 1000 * options.tasksInOne,
      hire: () => this.#hire(),
    });
    this.milestones.onReached = (share) => {
      if (share === 0.9) this.busyUntil90Ms = this.source.busyMs;
    };
  }

  /** Runs until the last milestone, and until nothing is under way. @throws when the model broke */
  async run(): Promise<void> {
    const { clock, options } = this;
    const run = modelRun(options, clock.now());
    this.ledger.runs.put(run);
    const seeding = options.detail === 'exact' ? this.#seedExact() : this.#seedCoarse(run);
    seeding.then(
      () => {
        this.seededMs = clock.now() - run.startedMs;
      },
      (error) => {
        this.#fault = { error };
      },
    );
    for (await untilSettled(); !this.#isOver && this.#step(); ) await untilSettled();
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  get #isOver(): boolean {
    if (this.#fault !== undefined) return true;
    const { seededMs, ledger, queue, source } = this;
    const isIdle = source.busy === 0 && queue.size === 0 && queue.deferred === 0;
    return seededMs !== undefined && isIdle && ledger.lanes.size === 0;
  }

  /** All alarms of the next millisecond; false when there is none. */
  #step(): boolean {
    const { clock } = this;
    if (!clock.step()) return false;
    const now = clock.now();
    this.events += 1;
    for (let next = clock.nextMs(); next !== undefined && next <= now; next = clock.nextMs())
      clock.step();
    return true;
  }

  async #seedExact(): Promise<void> {
    const { clock, ledger, options, queue, web } = this;
    const source = new ExactSource(web, clock, options.seedPerS);
    const ports = { clock, ledger, queue, source, windowSize: options.windowSize };
    for (let isOpen = true; isOpen; ) {
      const deadlineMs = clock.now() + SEEDER_MS;
      const { kind } = await seed({ runId: RUN_ID, wake: false }, deadlineMs, ports);
      isOpen = kind === 'hand-over';
    }
  }

  #seedCoarse(run: Run): Promise<void> {
    const { clock, ledger, options, pacer, queue, web } = this;
    const { urls, windowSize, seedPerS: urlsPerS, tasksInOne } = options;
    const groups = groupsOf(web, options.groups);
    const windows = new CoarseWindows({ runId: RUN_ID, web, pacer, groups, tasksInOne });
    const how = { urls, windowSize, tasksInOne, urlsPerS };
    return seedCoarse(run, { clock, ledger, queue, windows, ...how });
  }

  #hire(): Work {
    const { bucket, clock, ledger, options, queue } = this;
    const imageStore = new ShardImageStore({
      objects: bucket,
      clock,
      newName: () => {
        this.#images += 1;
        return String(this.#images);
      },
    });
    return createWork({
      ...PLAIN_IMAGES,
      clock,
      queue,
      ledger,
      imageStore,
      earlierImages: imageStore,
      fetcher: this.#fetcher(),
      random: Math.random,
      inspectImage: inspectModel,
      observer: SILENT_OBSERVER,
      readDocument: noDocument,
      readRsl: noDocument,
      linkRules: NO_LINKS,
      maxInFlight: options.maxInFlight,
      visibilityMs: LEASE_MS,
    });
  }

  #fetcher(): Fetcher {
    const { clock, options, pacer, web } = this;
    const processors = options.workerMemoryMb / MB_PER_CPU;
    const processor = new Processor(clock, options.cpuMs / Math.min(1, processors));
    const answerTo =
      options.detail === 'exact'
        ? exactAnswers(clock, processor, web)
        : bundleAnswers(clock, processor, pacer);
    return modelFetcher(clock, answerTo);
  }
}

/** Hosts of each group, by rank. */
function groupsOf(web: HostWeb, groups: number): readonly (readonly number[])[] {
  const ranks = Array.from({ length: groups }, (): number[] => []);
  const grouping = { groups, hostShards: {} };
  for (let rank = 0; rank < web.hosts; rank += 1) {
    const group = Number(hostGroup('', hostName(rank), grouping).slice(1));
    if (web.count(rank) > 0) ranks[group]?.push(rank);
  }
  return ranks;
}

const noDocument = () => {
  throw new Error('the web of the model has no documents');
};

const NO_LINKS: LinkRules = {
  sameDomain: () => false,
  domainOf: (host) => host,
  firstMatch: () => undefined,
};

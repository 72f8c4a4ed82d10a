import type { finishInvocation } from '../../adapters/finish/finish-invocation.ts';
import type { RunSettings } from '../../core/model/run.ts';
import type { EarlierImages, ImageStore } from '../../core/ports/images.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { TaskQueue } from '../../core/ports/task-queue.ts';
import type { Script } from '../worker/scripted-site.ts';
import type { Lists } from './scripted-source.ts';
import type { SimProcess } from './sim-process.ts';
import type { MishapPlan } from './wire.ts';

/** An image that an earlier run kept. */
export interface Earlier {
  readonly url: string;
  readonly etag?: string;
  readonly freshForMs?: number;
  /** Somebody removed its bytes. */
  readonly isGone?: boolean;
}

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
  /** When a person stops everything, in milliseconds after the start of the run. */
  readonly stopAfterMs?: number;
  /** When a person resumes a run that is suspended, without a ceiling then. */
  readonly resumeAfterMs?: number;
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
  /** Tidies and publishes shards, and writes tables, when the run has ended. */
  readonly finish: typeof finishInvocation;
}

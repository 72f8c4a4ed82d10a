import type { Politeness } from './web/pacer.ts';

/** One run of the model. */
export interface ScaleOptions extends Politeness {
  readonly urls: number;
  readonly hosts: number;
  readonly zipf: number;
  readonly seed: number;
  /** `workerConcurrency`. */
  readonly workers: number;
  readonly groups: number;
  readonly windowSize: number;
  readonly maxInFlight: number;
  readonly workerMemoryMb: number;
  readonly workerTimeoutS: number;
  /** `exact`: each URL is a target; `coarse`: a target stands for many, see `web/bundle.ts`. */
  readonly detail: 'exact' | 'coarse';
  /** Tasks of the deployment that one of a coarse model stands for. */
  readonly tasksInOne: number;
  /** How fast a seeder reads and packs. */
  readonly seedPerS: number;
  /** Processor time of an image, in milliseconds of a whole processor. */
  readonly cpuMs: number;
}

/** What the model takes where the command says nothing else; the rest are the settings' own defaults. */
export const USUAL: ScaleOptions = {
  urls: 100_000,
  hosts: 10_000,
  zipf: 1,
  seed: 1,
  workers: 16,
  groups: 32,
  windowSize: 50_000,
  maxInFlight: 256,
  workerMemoryMb: 1024,
  workerTimeoutS: 900,
  detail: 'exact',
  tasksInOne: 1,
  seedPerS: 20_000,
  cpuMs: 4,
  perHost: 6,
  ratePerS: 10,
};

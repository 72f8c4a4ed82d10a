import type { Run } from '../model/run.ts';
import { groupingOf } from '../model/run-grouping.ts';
import type { Clock } from '../ports/clock.ts';
import type { CostMeter } from '../ports/cost-meter.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { RunLook } from '../ports/run-ledger.ts';
import type { SeedSource } from '../ports/seed-source.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import { LaneStarter } from './lane-starter.ts';
import { ListReader } from './list-reader.ts';
import { RunCosts } from './run-costs.ts';
import { LateWindowError, seedWindow } from './seed-window.ts';
import { wakeLanes } from './wake-lanes.ts';

/** Dependencies of seeding. */
export interface SeedPorts {
  readonly clock: Clock;
  readonly queue: TaskQueue;
  readonly ledger: Ledger;
  readonly source: SeedSource;
  /** URLs read before a window is closed: the reach of deduplication, the step of the checkpoint. */
  readonly windowSize: number;
  /** What the seeder costs; absent where that is not counted: no run has a ceiling then. */
  readonly meter?: CostMeter;
  /** Told of each step that broke and is tried again: half a minute of silence tells nobody why. */
  readonly onFault?: (error: unknown) => void;
}

/** What an invocation is to do. */
export interface SeedJob {
  readonly runId: string;
  /** Whether all lanes are begun again, see Seeder. */
  readonly wake: boolean;
}

/** How one invocation of the seeder ended. */
export type Seeded =
  | { readonly kind: 'finished' }
  /** Time is nearly over: go on from the checkpoint with another invocation. */
  | { readonly kind: 'hand-over' }
  | { readonly kind: 'cancelled' }
  /** The run is over its budget, or everything is stopped: whoever resumes it wakes the seeder. */
  | { readonly kind: 'suspended' };

/** Kept for writes that are under way and for handing over, in milliseconds. */
const CLOSING_MS = 20_000;
/** Steps in a row that broke, after which seeding does: half a minute of trying. */
const MAX_FAULTS = 6;
/** Wait after the first of them, in milliseconds; twice as long after each more. */
const FAULT_MS = 1000;

/**
 * Turns a run's lists into a backlog of tasks, window by window, and begins the lanes of it that
 * stand still: those of new tasks, or all. Every window is deterministic in its
 * text, so a seeder that dies or breaks repeats at most one, under the same ids. Rejects on
 * infrastructure errors that last, and when no window can be finished in the time of an invocation.
 */
export async function seed(job: SeedJob, deadlineMs: number, ports: SeedPorts): Promise<Seeded> {
  const { clock, ledger, meter, source } = ports;
  const reader = new ListReader(source);
  const costs = new RunCosts({ clock, runs: ledger.runs, meter });
  try {
    return await new Seeding(job, deadlineMs - CLOSING_MS, { ...ports, costs }, reader).run();
  } finally {
    await reader.close();
    await costs.tellAll();
  }
}

interface SeedingPorts extends SeedPorts {
  readonly costs: RunCosts;
}

/** One invocation. */
class Seeding {
  readonly #job: SeedJob;
  readonly #notAfterMs: number;
  readonly #ports: SeedingPorts;
  readonly #reader: ListReader;
  readonly #starter: LaneStarter;
  #windowSize: number | undefined;
  #windows = 0;
  /** The next window may be written in part: by a seeder that died, or a step that broke. */
  #mayBeHalf = true;

  constructor(job: SeedJob, notAfterMs: number, ports: SeedingPorts, reader: ListReader) {
    this.#job = job;
    this.#notAfterMs = notAfterMs;
    this.#ports = ports;
    this.#reader = reader;
    this.#starter = new LaneStarter(ports);
  }

  async run(): Promise<Seeded> {
    for (let faults = 0; ; ) {
      try {
        const seeded = await this.#step();
        if (seeded !== undefined) return seeded;
        faults = 0;
      } catch (error) {
        if (error instanceof LateWindowError) return this.#handOver(error);
        faults += 1;
        await this.#wait(error, faults);
      }
    }
  }

  /** Another invocation would come no further than one that finished no window. */
  #handOver(error: LateWindowError): Seeded {
    if (this.#windows === 0) throw error;
    return { kind: 'hand-over' };
  }

  async #wait(error: unknown, faults: number): Promise<void> {
    const { clock, onFault } = this.#ports;
    this.#mayBeHalf = true;
    const waitMs = FAULT_MS * 2 ** (faults - 1);
    if (faults === MAX_FAULTS || clock.now() + waitMs >= this.#notAfterMs) throw error;
    onFault?.(error);
    await clock.sleep(waitMs);
  }

  /**
   * One step; undefined when there may be another. Of a cancelled run a window is seeded all the
   * same that may be written in part: its tasks would otherwise be open and not counted, and the run
   * be held to have ended.
   */
  async #step(): Promise<Seeded | undefined> {
    const { runs } = this.#ports.ledger;
    const look = await runs.look(this.#job.runId);
    if (await this.#isSuspended(look)) return { kind: 'suspended' };
    const run = await this.#begin(look);
    if (run.seeding === 'finished') return { kind: 'finished' };
    const list = run.lists[run.checkpoint.list];
    if (list === undefined || (run.cancelled && !this.#mayBeHalf)) {
      await runs.checkpoint(run, run.checkpoint, true);
      return run.cancelled ? { kind: 'cancelled' } : undefined;
    }
    if (this.#ports.clock.now() > this.#notAfterMs) return { kind: 'hand-over' };
    await seedWindow(run, list, this.#reader, {
      taskLimits: this.#ports.queue.limits,
      ...this.#ports,
      windowSize: run.windowSize,
      notAfterMs: this.#notAfterMs,
      starter: this.#starter,
    });
    this.#windows += 1;
    this.#mayBeHalf = false;
    return undefined;
  }

  /** Whether nothing more is to be seeded for the time being. */
  async #isSuspended({ run, isStopped }: RunLook): Promise<boolean> {
    if (run === undefined) return false;
    const { costs } = this.#ports;
    costs.note(run.runId);
    return isStopped || costs.isReached(run);
  }

  /** The run; in the first step of an invocation its lanes are woken as well, if they are to be. */
  async #begin({ run }: RunLook): Promise<Run & { readonly windowSize: number }> {
    const { runId, wake } = this.#job;
    const { runs } = this.#ports.ledger;
    if (run === undefined) throw new Error(`no run ${runId} in the ledger`);
    const grouping = groupingOf(run);
    if (this.#windowSize === undefined) {
      if (wake) await wakeLanes(run, grouping, this.#ports);
      this.#windowSize = await runs.keepWindowSize(runId, this.#ports.windowSize);
    }
    return { ...run, windowSize: this.#windowSize };
  }
}

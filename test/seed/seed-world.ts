import { MemoryFifoQueue } from '../../adapters/memory/memory-fifo-queue.ts';
import { createMemoryLedger } from '../../adapters/memory/memory-ledger.ts';
import { MemoryTaskQueue } from '../../adapters/memory/memory-task-queue.ts';
import { NO_COUNTS } from '../../core/model/progress.ts';
import { type Checkpoint, FIRST_CHECKPOINT, type Run } from '../../core/model/run.ts';
import type { Task } from '../../core/model/task.ts';
import { type Seeded, type SeedPorts, seed } from '../../core/seed/seed.ts';
import { instead } from '../instead.ts';
import { aList, type Lists, ScriptedSource } from '../simulation/scripted-source.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { type Death, Life } from '../worker/life.ts';
import { aRun, RUN_ID } from '../worker/records.ts';

/** Time of one invocation, in milliseconds. */
const TIMEOUT_MS = 900_000;

/** A run with lists to seed, all in memory and in virtual time. */
export class SeedWorld {
  readonly clock = new VirtualClock();
  readonly fifo = new MemoryFifoQueue(this.clock, { visibilityMs: 60_000 });
  readonly queue = new MemoryTaskQueue(this.fifo);
  readonly ledger = createMemoryLedger();
  readonly source: ScriptedSource;
  #change: Partial<SeedPorts>;
  /** How long the backlog takes for what it is given, in milliseconds. */
  slow = 0;

  constructor(lists: Lists, run: Partial<Run> = {}, change: Partial<SeedPorts> = {}) {
    this.source = new ScriptedSource(lists, this.clock);
    this.#change = change;
    const open = { seeding: 'open', checkpoint: FIRST_CHECKPOINT } as const;
    this.ledger.runs.put({ ...aRun([]), ...open, lists: Object.keys(lists).map(aList), ...run });
  }

  /** The stack is deployed again, with other settings. */
  deploy(change: Partial<SeedPorts>): void {
    this.#change = { ...this.#change, ...change };
  }

  /** One invocation of the seeder; 'dead' when it died. */
  seed(timeoutMs = TIMEOUT_MS, death?: Death, wake = false): Promise<Seeded | 'dead'> {
    const life = new Life(death);
    const { runs, tasks, results, hosts, frontier, memory, backlog } = this.ledger;
    const ports: SeedPorts = {
      clock: this.clock,
      queue: life.bind(this.queue),
      ledger: {
        runs: life.bind(runs),
        tasks: life.bind(tasks),
        results: life.bind(results),
        hosts: life.bind(hosts),
        frontier: life.bind(frontier),
        memory: life.bind(memory),
        backlog: life.bind(instead(backlog, { add: (tasks) => this.#add(tasks) })),
      },
      source: this.source,
      windowSize: 100,
      ...this.#change,
    };
    const job = seed({ runId: RUN_ID, wake }, this.clock.now() + timeoutMs, ports);
    return this.clock.drive(Promise.race([job, life.death]));
  }

  async #add(tasks: readonly Task[]): Promise<void> {
    if (this.slow > 0) await this.clock.sleep(this.slow);
    await this.ledger.backlog.add(tasks);
  }

  /** A worker has done a task, and says so. */
  end({ runId, taskId, group, targets }: Task): Promise<void> {
    const counts = { ...NO_COUNTS, succeeded: targets.length };
    const about = { runId, taskId, group, targets: targets.length, counts };
    return this.ledger.tasks.record({ ...about, elsewhere: 0, done: true, updatedMs: 1 });
  }

  /** All tasks that were seeded. */
  seeded(): readonly Task[] {
    return this.ledger.backlog.all(RUN_ID);
  }

  /** Everything that is in the queue. */
  takeAll(): readonly Task[] {
    const all: Task[] = [];
    for (
      let batch = this.queue.receiveNow(10);
      batch.length > 0;
      batch = this.queue.receiveNow(10)
    ) {
      for (const { task, receipt } of batch) {
        all.push(task);
        this.queue.acknowledge(receipt);
      }
    }
    return all;
  }

  async run(): Promise<Run> {
    const run = await this.ledger.runs.read(RUN_ID);
    if (run === undefined) throw new Error('there is no run');
    return run;
  }

  async checkpoint(): Promise<Checkpoint> {
    return (await this.run()).checkpoint;
  }
}

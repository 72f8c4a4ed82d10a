import { wakeRun } from '../../cli/run/ask-again.ts';
import type { Seeder } from '../../core/ports/seeder.ts';
import { type SeedJob, seed } from '../../core/seed/seed.ts';
import { RUN_ID } from '../worker/records.ts';
import type { SimProcess } from './sim-process.ts';
import type { SimWorld } from './sim-world.ts';
import { clockOf } from './wire.ts';

/** Lambda's own tries of an event that nobody waits for, in milliseconds after a failure. */
const AGAIN_MS = [60_000, 120_000];
const TIMEOUT_MS = 900_000;
/** How long it takes a person to see that a run stands still, in milliseconds. */
const NOTICED_MS = 3_600_000;

/** What Lambda does with events for the seeder, and a person with a run that stopped. */
export class SeederService implements Seeder {
  readonly #world: SimWorld;
  /** Times that a person had to go on with the run. */
  resumed = 0;
  /** Events that are being carried out or wait for their next try. */
  #events = 0;
  /** Power cuts so far: no event outlives one. */
  #cuts = 0;

  constructor(world: SimWorld) {
    this.#world = world;
  }

  async start(runId: string): Promise<void> {
    this.invoke({ runId, wake: false });
  }

  async wake(runId: string): Promise<void> {
    this.invoke({ runId, wake: true });
  }

  /** Takes an event; its invocations are tried three times. */
  invoke(event: SeedJob, failures = 0): void {
    const cuts = this.#cuts;
    this.#events += 1;
    const process = this.#world.start('seeder');
    const job = this.#seed(process, event).then(() => 'done' as const);
    const failed = () => {
      process.die();
      if (cuts === this.#cuts) this.#failed(event, failures);
    };
    void Promise.race([job, process.death]).then((end) => {
      if (end === 'dead') return failed();
      this.#world.end(process);
      if (cuts === this.#cuts) this.#events -= 1;
    }, failed);
  }

  /** An event that comes later, unless the power fails before: nothing of it is left then. */
  schedule(ms: number, invoke: () => void): void {
    const cuts = this.#cuts;
    this.#world.clock.schedule(ms, () => cuts === this.#cuts && invoke());
  }

  /** Nothing is left of any event, and a person goes on at once. */
  cutPower(): void {
    this.#cuts += 1;
    this.#events = 0;
    this.resume();
  }

  /** A person sees after a while that nothing seeds any more. */
  #notice(): void {
    this.#world.clock.schedule(NOTICED_MS, () => this.#events === 0 && this.resume());
  }

  /**
   * `crawl resume` without a ceiling, and `crawl start`: what was made of other tasks is sent again, and
   * the seeder wakes all lanes.
   */
  resume(): void {
    this.resumed += 1;
    const process = this.#world.start('command');
    const mine = this.resumed;
    const again = () => {
      // After a power cut somebody goes on anyway.
      if (mine === this.resumed) this.#notice();
    };
    const job = this.#world.clock.sleep(1000).then(() => this.#goOn(process));
    void Promise.race([job, process.death])
      .then((end) => end === 'dead' && again(), again)
      .finally(() => this.#world.end(process));
  }

  async #goOn(process: SimProcess): Promise<void> {
    const { clock, ledger, wire } = this.#world;
    const { queue } = this.#world.portsOf(process);
    const resumedMs = clock.now();
    const goOn = async () => {
      const run = this.#world.currentRun;
      ledger.runs.isStopped = false;
      if (run === undefined) return;
      const settings = { ...run.settings, maxCost: undefined };
      ledger.runs.put({
        ...run,
        settings,
        resumedMs,
        seeding: 'open',
        cancelled: false,
        finish: undefined,
      });
    };
    await wire.call(process, 'goOn', [], goOn);
    const { tasks } = this.#world.ports.ledger;
    const seeder = wire.connect<Seeder>(process, this);
    await wakeRun({ tasks, queue, seeder }, RUN_ID, resumedMs);
  }

  async #seed(process: SimProcess, event: SeedJob): Promise<void> {
    const { clock, source, shape, wire } = this.#world;
    const { windowSize = 4, seederTimeoutMs = TIMEOUT_MS } = shape;
    const spare = clock.schedule(seederTimeoutMs, () => process.die());
    process.onDeath(spare);
    const seeded = await seed(event, clock.now() + seederTimeoutMs, {
      ...this.#world.portsOf(process),
      clock: clockOf(process, clock),
      source,
      windowSize,
      meter: this.#world.meterOf(process),
    });
    if (seeded.kind === 'hand-over') await wire.connect<Seeder>(process, this).start(event.runId);
    spare();
  }

  #failed(event: SeedJob, failures: number): void {
    const again = () => {
      this.#events -= 1;
      this.invoke(event, failures + 1);
    };
    const againMs = AGAIN_MS[failures];
    if (againMs !== undefined) this.schedule(againMs, again);
    else {
      this.#events -= 1;
      this.#notice();
    }
  }
}

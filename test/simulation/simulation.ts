import { FIRST_CHECKPOINT } from '../../core/model/run.ts';
import { settled } from '../virtual-clock.ts';
import { aRun, RUN_ID } from '../worker/records.ts';
import { check } from './check.ts';
import { DeadLetterService } from './dead-letter-service.ts';
import { DeferralService } from './deferral-service.ts';
import { keepEarlier } from './earlier-run.ts';
import { FinisherService } from './finisher-service.ts';
import { aList } from './scripted-source.ts';
import { SeederService } from './seeder-service.ts';
import type { Fate, Shape } from './shape.ts';
import { SimWorld } from './sim-world.ts';
import type { Verdict } from './verdict.ts';
import { WorkerService } from './worker-service.ts';

/** Host groups, where a shape says nothing else. */
const GROUPS = 97;
/** Events of a run before it is called endless. */
const MAX_EVENTS = 200_000;

/** One run with all that works on it, in virtual time: seeder, workers, dead letters, and what AWS does. */
export class Simulation {
  readonly world: SimWorld;
  readonly #workers: WorkerService;
  readonly #deadLetters: DeadLetterService;
  readonly #deferrals: DeferralService;
  readonly #seeder: SeederService;
  readonly #finisher: FinisherService;
  #events = 0;

  constructor(shape: Shape, fate: Fate) {
    this.world = new SimWorld(shape, fate, () => {
      this.#seeder.cutPower();
      this.#finisher.cutPower();
    });
    this.#deferrals = new DeferralService(this.world);
    this.#seeder = new SeederService(this.world);
    this.#finisher = new FinisherService(this.world);
    this.#workers = new WorkerService(this.world);
    this.#deadLetters = new DeadLetterService(this.world);
  }

  /** Runs to the end, or to where nothing moves any more. */
  async run(): Promise<Verdict> {
    const { ledger, shape } = this.world;
    const open = { seeding: 'open', checkpoint: FIRST_CHECKPOINT } as const;
    const lists = Object.keys(shape.lists).map(aList);
    ledger.runs.put({ ...aRun([], shape.settings), ...open, lists, grouping: this.#grouping });
    this.#schedule();
    await keepEarlier(this.world, this.#grouping);
    this.#seeder.invoke({ runId: RUN_ID, wake: false });
    await this.#goOn();
    const writes = ledger.results.writes(RUN_ID).length;
    if (shape.settings?.imageStorage === 'shards') {
      this.#finisher.invoke({ runId: RUN_ID });
      await this.#goOn();
    }
    return check(this.world, writes);
  }

  async #goOn(): Promise<void> {
    const { maxEvents = MAX_EVENTS } = this.world.shape;
    while (this.#events < maxEvents && (await this.#advance())) this.#events += 1;
  }

  get #grouping() {
    return { groups: this.world.shape.groups ?? GROUPS, hostShards: {} };
  }

  /** What a person does to the run while it goes on. */
  #schedule(): void {
    const { clock, shape } = this.world;
    const { cancelAfterMs, stopAfterMs, resumeAfterMs, seedAgainMs } = shape;
    if (stopAfterMs !== undefined) clock.schedule(stopAfterMs, () => this.#stop());
    if (resumeAfterMs !== undefined) clock.schedule(resumeAfterMs, () => this.#seeder.resume());
    if (cancelAfterMs !== undefined) clock.schedule(cancelAfterMs, () => this.#cancel());
    if (seedAgainMs !== undefined)
      this.#seeder.schedule(seedAgainMs, () => this.#seeder.invoke({ runId: RUN_ID, wake: false }));
  }

  /** One thing happens; false when nothing can happen any more. */
  async #advance(): Promise<boolean> {
    await settled();
    const { clock } = this.world;
    // What is late after a jump of the clock comes before anything that begins only now.
    if ((clock.nextMs() ?? Number.POSITIVE_INFINITY) < clock.now()) return clock.step();
    if (this.#workers.take() || this.#deadLetters.take() || this.#deferrals.take()) return true;
    const { fifo, dead } = this.world;
    const returns = [fifo.nextReturnMs(), dead.nextReturnMs(), this.#deferrals.nextMs];
    const back = Math.min(...returns.map((ms) => ms ?? Number.POSITIVE_INFINITY));
    const next = clock.nextMs() ?? Number.POSITIVE_INFINITY;
    if (back < next) await clock.advance(Math.max(0, back - clock.now()));
    else if (!clock.step()) return false;
    return true;
  }

  /** Where the power failed before, the person who went on after that wants it to go on. */
  #stop(): void {
    if (this.#seeder.resumed === 0) this.world.ledger.runs.isStopped = true;
  }

  #cancel(): void {
    const { currentRun, ledger } = this.world;
    if (currentRun !== undefined) ledger.runs.put({ ...currentRun, cancelled: true });
  }
}

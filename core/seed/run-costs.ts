import { costCeilingOf, isOverBudget, NANODOLLARS } from '../model/budget.ts';
import type { Run } from '../model/run.ts';
import type { Clock } from '../ports/clock.ts';
import type { CostMeter } from '../ports/cost-meter.ts';
import type { RunLedger } from '../ports/run-ledger.ts';

/** How old the sum of all workers may be where a run has a ceiling: it is passed by so long at most. */
const CEILING_AGE_MS = 5000;
/** How often the cost of a run is told that has none, in milliseconds. */
const TELL_MS = 60_000;

interface Cost {
  /** Of all functions, as last answered, in billionths of a dollar. */
  told: number;
  /** Of this worker since then. */
  untold: number;
  /** What was done for the run since the last share. */
  weight: number;
  /** Undefined when it has to be told again. */
  toldMs: number | undefined;
  /** The last telling. */
  telling: Promise<void>;
}

/** Dependencies of RunCosts. */
export interface CostPorts {
  readonly clock: Clock;
  readonly runs: RunLedger;
  /** Absent where nothing is counted: no run has a cost then. */
  readonly meter?: CostMeter;
}

/**
 * What a worker costs, shared among its runs by what it does for each, and told now and then: one small
 * write for each run in so many seconds, whatever is done in them.
 */
export class RunCosts {
  readonly #ports: CostPorts;
  readonly #costs = new Map<string, Cost>();
  /** What was shared so far, in dollars. */
  #sharedDollars = 0;

  constructor(ports: CostPorts) {
    this.#ports = ports;
  }

  /** Something was done for a run: a task was begun, a target settled. */
  note(runId: string): void {
    if (this.#ports.meter !== undefined) this.#costOf(runId).weight += 1;
  }

  /** Whether a run has passed its ceiling, by a sum that is not older than some seconds. Never rejects. */
  async isReached(run: Run): Promise<boolean> {
    const { clock, meter } = this.#ports;
    if (meter === undefined) return false;
    const cost = this.#costOf(run.runId);
    const now = clock.now();
    // A run without a ceiling waits for nothing.
    if (costCeilingOf(run.settings) === undefined) {
      cost.toldMs ??= now;
      if (now - cost.toldMs >= TELL_MS) this.#tell(run.runId, cost);
      return false;
    }
    const isOld = cost.toldMs === undefined || now - cost.toldMs >= CEILING_AGE_MS;
    if (isOld) this.#tell(run.runId, cost);
    await cost.telling;
    return isOverBudget(run, cost.told + cost.untold);
  }

  /** The same, by the sum of now. */
  isReachedNow(run: Run): Promise<boolean> {
    const cost = this.#costs.get(run.runId);
    if (cost !== undefined) cost.toldMs = undefined;
    return this.isReached(run);
  }

  /** Tells what is not told yet. Never rejects. */
  async tellAll(): Promise<void> {
    if (this.#ports.meter === undefined) return;
    this.#share();
    const untold = [...this.#costs].filter(([, cost]) => cost.untold > 0);
    for (const [runId, cost] of untold) this.#tell(runId, cost);
    await Promise.all(untold.map(([, { telling }]) => telling));
    for (const [runId, cost] of this.#costs) if (cost.untold < 1) this.#costs.delete(runId);
  }

  #tell(runId: string, cost: Cost): void {
    this.#share();
    const { clock, runs } = this.#ports;
    const nanodollars = Math.round(cost.untold);
    cost.toldMs = clock.now();
    cost.untold -= nanodollars;
    cost.telling = runs.addCost(runId, nanodollars).then(
      (sum) => {
        cost.told = Math.max(cost.told, sum);
      },
      // What was not taken is told the next time.
      () => {
        cost.untold += nanodollars;
      },
    );
  }

  /** What nothing was done for in the meantime is borne by whoever comes next. */
  #share(): void {
    const { meter } = this.#ports;
    const weights = [...this.#costs.values()].reduce((sum, { weight }) => sum + weight, 0);
    if (meter === undefined || weights === 0) return;
    const dollars = meter.dollars();
    const each = ((dollars - this.#sharedDollars) * NANODOLLARS) / weights;
    this.#sharedDollars = dollars;
    for (const cost of this.#costs.values()) {
      cost.untold += each * cost.weight;
      cost.weight = 0;
    }
  }

  #costOf(runId: string): Cost {
    const known = this.#costs.get(runId);
    if (known !== undefined) return known;
    const telling = Promise.resolve();
    const cost: Cost = { told: 0, untold: 0, weight: 0, toldMs: undefined, telling };
    this.#costs.set(runId, cost);
    return cost;
  }
}

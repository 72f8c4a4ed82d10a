import type { Clock } from '../../core/ports/clock.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { SimProcess } from './sim-process.ts';

/** What happens to one call of an adapter. */
export type Mishap =
  /** Its process is killed before the call has an effect, half-way through a batch, or after it. */
  | 'death-before'
  | 'death-halfway'
  | 'death-after'
  /** AWS refuses it, after the SDK's own tries: no effect. */
  | 'throttled'
  /** AWS takes a part of a batch, and the rest not in time. */
  | 'partial'
  /** It has its effect, and its answer is lost. */
  | 'answer-lost'
  /** The whole machine loses power, with the queues in its memory. */
  | 'power-cut'
  /** All clocks jump by a quarter of an hour, as after a suspension. */
  | 'clock-step';

/** One call of an adapter, as a plan of mishaps sees it. */
export interface Call {
  /** Counted over all processes of a run, from 1. */
  readonly number: number;
  readonly process: string;
  readonly method: string;
  /** Whether it carries several things, and may be carried out in part. */
  readonly isBatch: boolean;
}

/** Decides what happens to a call. */
export type MishapPlan = (call: Call, random: () => number) => Mishap | undefined;

/** AWS refused or lost a call. */
export class MishapError extends Error {
  override readonly name = 'MishapError';
}

/** Calls that AWS takes in parts. */
const BATCHES: ReadonlySet<string> = new Set([
  'send',
  'defer',
  'remove',
  'extend',
  'settle',
  'register',
  'mark',
  'add',
]);

/** How a quarter of an hour passes at once. */
const STEP_MS = 15 * 60 * 1000;

/** What a wire needs of its world. */
export interface WireOptions {
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly plan: MishapPlan;
  /** Longest way of a call to AWS, and of its answer back, in milliseconds. */
  readonly latencyMs: number;
  readonly onPowerCut: () => void;
}

/** All calls from processes to what outlives them, with the time they take and what goes wrong. */
export class Wire {
  readonly #options: WireOptions;
  /** Calls so far. */
  calls = 0;
  /** Power cuts so far: what is under way when one comes never arrives. */
  #cuts = 0;

  constructor(options: WireOptions) {
    this.#options = options;
  }

  /** A port as a process reaches it. */
  connect<T extends object>(process: SimProcess, port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const carryOut = (given: readonly unknown[]): Promise<unknown> =>
          member.apply(target, given);
        return (...given: readonly unknown[]) => this.call(process, String(name), given, carryOut);
      },
    });
  }

  async call<T>(
    process: SimProcess,
    method: string,
    given: readonly unknown[],
    carryOut: (given: readonly unknown[]) => Promise<T>,
  ): Promise<T> {
    if (process.isDead) return never();
    process.calls += 1;
    const mishap = this.#mishapOf(process, method, given);
    if (mishap === 'death-before') process.die();
    if (mishap === 'power-cut') this.#cutPower();
    if (process.isDead) return never();
    const cuts = this.#cuts;
    await this.#travel(method);
    // What is on its way arrives, whatever becomes of who sent it.
    if (cuts !== this.#cuts) return never();
    if (mishap === 'throttled') return this.#refuse(process, method, mishap);
    if (mishap === 'partial' || mishap === 'death-halfway') await carryOut(halfOf(given));
    if (mishap === 'death-halfway') process.die();
    if (mishap === 'partial') return this.#refuse(process, method, mishap);
    if (mishap === 'death-halfway') return never();
    const answer = await this.#answerOf(() => carryOut(given));
    if (mishap === 'death-after') process.die();
    if (mishap === 'clock-step') this.#options.clock.jump(STEP_MS);
    if (mishap === 'answer-lost') return this.#refuse(process, method, mishap);
    await this.#travel(method);
    if (process.isDead) return never();
    if ('error' in answer) throw answer.error;
    return answer.value;
  }

  async #answerOf<T>(job: () => Promise<T>) {
    try {
      return { value: await job() };
    } catch (error) {
      return { error };
    }
  }

  async #refuse(process: SimProcess, method: string, mishap: Mishap): Promise<never> {
    await this.#travel(method);
    if (process.isDead) return never();
    throw new MishapError(`${method}: ${mishap}`);
  }

  #mishapOf({ name }: SimProcess, method: string, given: readonly unknown[]): Mishap | undefined {
    this.calls += 1;
    const isBatch = BATCHES.has(method) && sizeOf(given[0]) > 1;
    const { plan, random } = this.#options;
    return plan({ number: this.calls, process: name, method, isBatch }, random);
  }

  #cutPower(): void {
    this.#cuts += 1;
    this.#options.onPowerCut();
  }

  /** Calls that are under way at once overtake each other. A site has a latency of its own. */
  #travel(method: string): Promise<void> {
    const { clock, random, latencyMs } = this.#options;
    return latencyMs === 0 || method === 'fetch'
      ? Promise.resolve()
      : clock.sleep(Math.ceil(random() * latencyMs));
  }
}

/** The clock of a process: nothing goes on in it after its end. */
export function clockOf(process: { readonly isDead: boolean }, clock: VirtualClock): Clock {
  return {
    now: () => clock.now(),
    sleep: async (ms) => {
      await clock.sleep(ms);
      if (process.isDead) await never();
    },
  };
}

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

function halfOf([first, ...others]: readonly unknown[]): readonly unknown[] {
  return Array.isArray(first) ? [first.slice(0, first.length >> 1), ...others] : [first, ...others];
}

function never(): Promise<never> {
  return new Promise(() => {});
}

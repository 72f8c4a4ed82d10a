import { expect } from 'vitest';
import type { Shape } from './shape.ts';
import { Simulation } from './simulation.ts';
import { faultsOf } from './verdict.ts';
import type { Call, Mishap } from './wire.ts';

/** A mishap at one call of a run. */
interface Point {
  readonly at: number;
  readonly mishap: Mishap;
}

/** How many runs were made, and of how many calls the run without a mishap is. */
export interface Covered {
  readonly calls: number;
  readonly runs: number;
}

/** The ends of a process: before a call, half-way through a batch, after it. */
export const DEATHS = ['death-before', 'death-halfway', 'death-after'] as const;

/** A run of a shape that takes more calls goes round in circles. */
const MAX_CALLS = 600;
/** Calls that change nothing: to die after one is to die before the next. */
const READS: ReadonlySet<string> = new Set([
  'read',
  'look',
  'cost',
  'recall',
  // Counts a hold, and changes nothing that anybody sees.
  'enter',
  'depth',
  'doneAmong',
  'readRobots',
  'known',
  'after',
  'waiting',
  'list',
]);
/** Second deaths: after a call that has its effect is nearly before the next. CRAWL_ALL_PAIRS=1 for both. */
export const SECOND_DEATHS =
  process.env['CRAWL_ALL_PAIRS'] === undefined
    ? (['death-before', 'death-halfway'] as const)
    : DEATHS;

const OF_AWS: ReadonlySet<Mishap> = new Set(['throttled', 'partial', 'answer-lost']);

/** Whether a mishap can happen to a call: only a batch has a middle, only AWS refuses and loses. */
export function isPossible(mishap: Mishap, { method, isBatch }: Call): boolean {
  if (mishap === 'death-halfway' || mishap === 'partial') return isBatch;
  if (mishap === 'death-after' && READS.has(method)) return false;
  return method !== 'fetch' || !OF_AWS.has(mishap);
}

/** A run with each mishap at each call, one to a run. Throws at the first one that breaks a promise. */
export async function breakOnce(shape: Shape, mishaps: readonly Mishap[]): Promise<Covered> {
  return breakUp(shape, mishaps, []);
}

/** The same with a second mishap at each later call. */
export async function breakTwice(
  shape: Shape,
  mishaps: readonly Mishap[],
  seconds = mishaps,
): Promise<Covered> {
  return breakUp(shape, mishaps, seconds);
}

async function breakUp(
  shape: Shape,
  firsts: readonly Mishap[],
  seconds: readonly Mishap[],
): Promise<Covered> {
  const whole = await play(shape, []);
  let runs = 1;
  for (const first of pointsFrom(1, whole, firsts)) {
    const broken = await play(shape, [first]);
    runs += 1;
    for (const second of pointsFrom(first.at + 1, broken, seconds)) {
      await play(shape, [first, second]);
      runs += 1;
    }
  }
  return { calls: whole.length, runs };
}

/**
 * Every mishap that can happen to a call of a run, from a call on. A run with one more mishap makes
 * the same calls up to it, so nobody has to play a run to find that its mishap is not possible.
 */
function* pointsFrom(
  from: number,
  calls: readonly Call[],
  mishaps: readonly Mishap[],
): Generator<Point> {
  for (const call of calls.slice(from - 1)) {
    for (const mishap of mishaps) if (isPossible(mishap, call)) yield { at: call.number, mishap };
  }
}

/** Plays a run with mishaps, all of which have to happen; gives its calls. */
async function play(shape: Shape, points: readonly Point[]): Promise<readonly Call[]> {
  const calls: Call[] = [];
  const happened: string[] = [];
  const plan = (call: Call): Mishap | undefined => {
    calls.push(call);
    const point = points.find(({ at }) => at === call.number);
    if (point === undefined || !isPossible(point.mishap, call)) return undefined;
    happened.push(`${point.mishap} at call ${call.number}, ${call.method} of a ${call.process}`);
    return point.mishap;
  };
  const sim = new Simulation(shape, { seed: 1, plan });
  const faults = faultsOf(await sim.run());
  const story = happened.join(', then ');
  if (Object.keys(faults).length > 0) expect(faults, story).toEqual({});
  expect(happened, 'not every mishap happened').toHaveLength(points.length);
  expect(calls.length, story).toBeLessThan(MAX_CALLS);
  return calls;
}

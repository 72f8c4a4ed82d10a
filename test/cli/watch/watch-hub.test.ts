import { describe, expect, test } from 'vitest';
import { WatchHub } from '../../../cli/watch/watch-hub.ts';

/** A hub on a clock that stands still until it is told to go on. */
function aHub({ tookMs = 0, fails = (): boolean => false } = {}) {
  const clock = { ms: 0, due: [] as { readonly atMs: number; readonly run: () => void }[] };
  const seen = { looks: 0, watched: [] as boolean[] };
  const hub = new WatchHub<number>({
    look: async () => {
      seen.looks += 1;
      clock.ms += tookMs;
      if (fails()) throw new Error('no table');
      return seen.looks;
    },
    onWatched: (isWatched) => seen.watched.push(isWatched),
    now: () => clock.ms,
    schedule: (run, ms) => clock.due.push({ atMs: clock.ms + ms, run }),
  });
  /** Lets the next thing that is due happen; how long it was waited for, in milliseconds. */
  const next = async (): Promise<number | undefined> => {
    const due = clock.due.shift();
    if (due === undefined) return undefined;
    const waitedMs = due.atMs - clock.ms;
    clock.ms = Math.max(clock.ms, due.atMs);
    due.run();
    await new Promise((resolve) => setImmediate(resolve));
    return waitedMs;
  };
  return { hub, seen, next, clock };
}

describe('a hub', () => {
  test('looks at nothing while nobody looks at it', async () => {
    const { seen, next } = aHub();
    expect(await next()).toBeUndefined();
    expect(seen.looks).toBe(0);
  });

  test('makes one look for all viewers', async () => {
    const { hub, seen, next } = aHub();
    const told: number[][] = [[], [], []];
    for (const one of told) hub.join((state) => one.push(state));
    await next();
    await next();
    expect(seen.looks).toBe(2);
    expect(told).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(seen.watched).toEqual([true]);
  });

  test('stops when the last viewer has gone, and goes on with the next one', async () => {
    const { hub, seen, next } = aHub();
    const [first, second] = [hub.join(() => {}), hub.join(() => {})];
    await next();
    first[Symbol.dispose]();
    await next();
    expect(seen.looks).toBe(2);
    second[Symbol.dispose]();
    second[Symbol.dispose]();
    await next();
    expect(await next()).toBeUndefined();
    expect(seen).toEqual({ looks: 2, watched: [true, false] });
    hub.join(() => {});
    await next();
    expect(seen).toEqual({ looks: 3, watched: [true, false, true] });
  });

  test.each([
    [0, 1000],
    [10, 1000],
    [50, 5000],
    [5000, 10_000],
  ])('waits after a look of %i ms for %i ms', async (tookMs, waitMs) => {
    const { hub, next } = aHub({ tookMs });
    hub.join(() => {});
    expect(await next()).toBe(0);
    expect(await next()).toBe(waitMs);
  });

  test('answers from the last look for a second, and looks once for many at once', async () => {
    const { hub, seen, clock } = aHub();
    expect(await Promise.all([hub.state(), hub.state(), hub.state()])).toEqual([1, 1, 1]);
    clock.ms += 999;
    expect(await hub.state()).toBe(1);
    clock.ms += 1;
    expect(await hub.state()).toBe(2);
    expect(seen.looks).toBe(2);
  });

  test('tells viewers once more at the end, and does not look where there are no viewers', async () => {
    const { hub, seen } = aHub();
    await hub.tellLast();
    expect(seen.looks).toBe(0);
    const told: number[] = [];
    hub.join((state) => told.push(state));
    await hub.tellLast();
    expect(told).toEqual([1]);
  });

  test('goes on after a look that failed', async () => {
    let isBroken = true;
    const { hub, next } = aHub({ fails: () => isBroken });
    const told: number[] = [];
    hub.join((state) => told.push(state));
    await next();
    expect(told).toEqual([]);
    isBroken = false;
    await next();
    expect(told).toEqual([2]);
  });
});

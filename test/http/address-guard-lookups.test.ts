import { describe, expect, it } from 'vitest';
import {
  NameLookupError,
  NameLookups,
  type ResolveName,
} from '../../adapters/http/name-lookups.ts';

const FOUND = [{ address: '198.51.101.1', family: 4 }];

/** A resolver that answers when it is told to, and the names it was asked for. */
class SlowResolver {
  readonly asked: string[] = [];
  readonly #open: ((error?: Error) => void)[] = [];

  readonly resolve: ResolveName = (hostname) => {
    this.asked.push(hostname);
    return new Promise((resolve, reject) => {
      this.#open.push((error) => (error === undefined ? resolve(FOUND) : reject(error)));
    });
  };

  /** Answers the oldest open question. */
  answer(error?: Error): void {
    const oldest = this.#open.shift();
    if (oldest === undefined) throw new Error('nobody asked');
    oldest(error);
  }
}

describe('look-ups', () => {
  it('are one for callers that come together', async () => {
    const slow = new SlowResolver();
    const lookups = new NameLookups(slow.resolve);
    const callers = Array.from({ length: 6 }, () => lookups.lookUp('a.test'));
    slow.answer();
    expect(await Promise.all(callers)).toEqual(Array(6).fill(FOUND));
    expect(slow.asked).toEqual(['a.test']);
  });

  it('are repeated once the answer is too old', async () => {
    let nowMs = 0;
    const slow = new SlowResolver();
    const lookups = new NameLookups(slow.resolve, { keepMs: 10_000 }, () => nowMs);
    const first = lookups.lookUp('a.test');
    slow.answer();
    await first;
    nowMs = 9_999;
    expect(await lookups.lookUp('a.test')).toEqual(FOUND);
    expect(slow.asked.length).toBe(1);
    nowMs = 10_000;
    const second = lookups.lookUp('a.test');
    slow.answer();
    expect(await second).toEqual(FOUND);
    expect(slow.asked.length).toBe(2);
  });

  it('are repeated after a failure', async () => {
    const slow = new SlowResolver();
    const lookups = new NameLookups(slow.resolve);
    const failed = lookups.lookUp('a.test');
    slow.answer(new Error('EAI_AGAIN'));
    await expect(failed).rejects.toThrow('EAI_AGAIN');
    const found = lookups.lookUp('a.test');
    slow.answer();
    expect(await found).toEqual(FOUND);
  });

  it('are never more at once than allowed, and go on in order', async () => {
    const slow = new SlowResolver();
    const lookups = new NameLookups(slow.resolve, { atOnce: 2 });
    const names = ['a.test', 'b.test', 'c.test', 'd.test'];
    const callers = names.map((name) => lookups.lookUp(name));
    expect(slow.asked).toEqual(['a.test', 'b.test']);
    slow.answer(new Error('a failure frees the place too'));
    await expect(callers[0]).rejects.toThrow('frees the place');
    expect(slow.asked).toEqual(['a.test', 'b.test', 'c.test']);
    for (const caller of callers.slice(1)) {
      slow.answer();
      expect(await caller).toEqual(FOUND);
    }
    expect(slow.asked).toEqual(names);
    const more = ['e.test', 'f.test', 'g.test'].map((name) => lookups.lookUp(name));
    expect(slow.asked.length).toBe(6);
    for (const caller of more) {
      slow.answer();
      await caller;
    }
  });

  it('end for the caller in time, keep their place, and serve the next', async () => {
    const slow = new SlowResolver();
    const lookups = new NameLookups(slow.resolve, { timeoutMs: 20, atOnce: 1 });
    const started = lookups.lookUp('silent.test');
    const waiting = lookups.lookUp('b.test');
    await expect(started).rejects.toThrow(NameLookupError);
    await expect(waiting).rejects.toThrow('b.test not looked up after 20 ms');
    expect(slow.asked).toEqual(['silent.test']);
    const again = lookups.lookUp('silent.test');
    slow.answer();
    expect(await again).toEqual(FOUND);
    expect(await lookups.lookUp('silent.test')).toEqual(FOUND);
    expect(slow.asked).toEqual(['silent.test', 'b.test']);
  });

  it('are kept of so many names, the oldest forgotten first', async () => {
    const asked: string[] = [];
    const resolve: ResolveName = async (name) => {
      asked.push(name);
      return FOUND;
    };
    const lookups = new NameLookups(resolve, { keepNames: 2 });
    for (const name of ['a.test', 'b.test', 'c.test', 'b.test', 'c.test', 'a.test']) {
      await lookups.lookUp(name);
    }
    expect(asked).toEqual(['a.test', 'b.test', 'c.test', 'a.test']);
  });
});

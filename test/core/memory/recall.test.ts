import { describe, expect, it } from 'vitest';
import { recall } from '../../../core/memory/recall.ts';
import type { MemorySettings } from '../../../core/model/run.ts';
import type { Remembered } from '../../../core/ports/remembered.ts';

const SEEN = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

function seen(change: Partial<Remembered> = {}): Remembered {
  return {
    digest: 'd',
    seenMs: SEEN,
    keptMs: SEEN,
    keptIn: 'run-1',
    etag: '"a"',
    facts: {},
    ...change,
  };
}

const CASES: readonly (readonly [
  string,
  Partial<Remembered>,
  Partial<MemorySettings>,
  number,
  boolean,
])[] = [
  ['what its site calls fresh is known', { freshForMs: HOUR }, {}, HOUR - 1, true],
  ['what is stale is asked for', { freshForMs: HOUR }, {}, HOUR, false],
  ['what nobody called fresh is asked for', {}, {}, 1, false],
  ['--since takes what is younger', {}, { maxAgeMs: HOUR }, HOUR, true],
  ['--since does not take what is older', {}, { maxAgeMs: HOUR }, HOUR + 1, false],
  [
    '--since asks for older ones that are fresh',
    { freshForMs: 9 * HOUR },
    { maxAgeMs: HOUR },
    2 * HOUR,
    false,
  ],
  ['--refresh asks for all', { freshForMs: HOUR }, { ask: 'all' }, 1, false],
  ['--only-new asks for nothing that is known', {}, { ask: 'new' }, 999 * HOUR, true],
  ['what was seen in the future is asked for', { freshForMs: HOUR }, {}, -1, false],
  ['and with --since', {}, { maxAgeMs: HOUR }, -1, false],
  ['but not with --only-new', {}, { ask: 'new' }, -1, true],
];

describe('what is remembered', () => {
  it.each(CASES)('%s', (_, change, settings, laterMs, isKnown) => {
    const all: MemorySettings = { days: 90, ask: 'stale', ...settings };
    expect(recall(seen(change), all, SEEN + laterMs)).toEqual(
      isKnown ? { isKnown } : { isKnown, conditions: { 'if-none-match': '"a"' } },
    );
  });
});

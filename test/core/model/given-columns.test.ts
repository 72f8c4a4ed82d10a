import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeColumns,
  encodeColumns,
  MAX_COLUMNS_BYTES,
} from '../../../core/model/given-columns.ts';

describe('the columns that travel with a target', () => {
  it('are what they were, with all digits', () => {
    const columns = { TEXT: 'a "cat"\0\ud800', n: 2n ** 62n, of: [null, { a: 1.5 }], no: false };
    expect(decodeColumns(encodeColumns(columns))).toEqual({ columns });
  });

  it('are named where their values have no room, and the others come', () => {
    const columns = { long: 'x'.repeat(1_000_000), TEXT: 'a cat', quotes: '"'.repeat(8000) };
    expect(decodeColumns(encodeColumns(columns))).toEqual({
      columns: { TEXT: 'a cat' },
      tooLong: ['long', 'quotes'],
    });
  });

  it('have a bounded length, whatever they are', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\0', 'é', '\ud800') });
    const longer = fc.tuple(texts, fc.integer({ min: 1, max: 3000 }));
    const many = fc.dictionary(texts, longer, { maxKeys: 60 });
    fc.assert(
      fc.property(many, (rows) => {
        const cells = Object.entries(rows).map(([name, [text, times]]) => {
          return [name.repeat(times % 50), text.repeat(times)] as const;
        });
        const encoded = encodeColumns(Object.fromEntries(cells));
        expect(Buffer.byteLength(JSON.stringify(encoded))).toBeLessThanOrEqual(MAX_COLUMNS_BYTES);
        expect(decodeColumns(encoded)).toBeDefined();
      }),
      { numRuns: 50 },
    );
  });

  it.each(['', 'null', '[]', '{"columns":null}', '{"columns":'])('are not columns: %s', (text) => {
    expect(decodeColumns(text)).toBeUndefined();
  });
});

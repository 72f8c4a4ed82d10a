import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { joinRows } from '../../adapters/seeds/join-rows.ts';
import type { SeedList } from '../../core/model/run.ts';
import { freshFolder } from '../fresh-folder.ts';
import { gather, ListFolder } from './lists.ts';

const folder = new ListFolder();
afterAll(() => folder.remove());

const line = z.object({ url: z.string(), n: z.number() });
type Line = z.output<typeof line>;
const url = (n: number) => `http://a.test/${n}.png`;

async function* linesOf(numbers: readonly number[]): AsyncGenerator<Line> {
  for (const n of numbers) yield { url: url(n), n };
}

function join(
  numbers: readonly number[],
  lists: readonly SeedList[],
  maxHeld: number,
  files?: string,
) {
  const ports = { source: folder.source, parse: (json: string) => line.parse(JSON.parse(json)) };
  return gather(joinRows(linesOf(numbers), lists, { ...ports, maxHeld, folder: files }));
}

const csv = (rows: readonly (readonly [number, string])[], change: Partial<SeedList> = {}) =>
  folder.list(`url,text\n${rows.map(([n, text]) => `${url(n)},${text}\n`).join('')}`, {
    format: 'csv',
    keep: ['text'],
    ...change,
  });

describe('results and the rows of lists', () => {
  it('are joined in the order of the rows; a URL in three rows has three lines', async () => {
    const list = csv([
      [2, 'b'],
      [1, 'a'],
      [2, 'c'],
      [9, 'no result'],
      [2, 'b'],
    ]);
    expect(await join([1, 2, 3], [list], 10)).toEqual([
      { url: url(2), n: 2, row: 1, columns: { text: 'b' } },
      { url: url(1), n: 1, row: 2, columns: { text: 'a' } },
      { url: url(2), n: 2, row: 3, columns: { text: 'c' } },
      { url: url(2), n: 2, row: 5, columns: { text: 'b' } },
      { url: url(3), n: 3 },
    ]);
  });

  it('are joined by canonical URLs', async () => {
    const list = folder.list('url,t\nHTTP://A.test:80/%31.png#x,a\n', {
      format: 'csv',
      keep: ['t'],
    });
    expect(await join([1], [list], 10)).toMatchObject([{ url: url(1), columns: { t: 'a' } }]);
  });

  it.each([10, 1])(
    'come once, with the first row, where hooks are given columns; held: %d',
    async (maxHeld) => {
      const rows = `url,text\n${url(1)},a\n${url(2)},b\n${url(1)},c\n`;
      const list = folder.list(rows, { format: 'csv', hookColumns: ['text'] });
      const parse = (json: string) => line.parse(JSON.parse(json));
      const ports = { source: folder.source, parse, maxHeld, use: 'given', once: true } as const;
      const joined = await gather(joinRows(linesOf([1, 2, 3]), [list], ports));
      const texts = joined.toSorted((a, b) => a.n - b.n).map(({ columns }) => columns?.['text']);
      expect(texts).toEqual(['a', 'b', undefined]);
    },
  );

  it('name the list where there are several', async () => {
    const lists = [csv([[1, 'a']], { name: 'one' }), csv([[1, 'b']], { name: 'two' })];
    expect(await join([1], lists, 10)).toEqual([
      { url: url(1), n: 1, list: 'one', row: 1, columns: { text: 'a' } },
      { url: url(1), n: 1, list: 'two', row: 1, columns: { text: 'b' } },
    ]);
  });

  it('are left as they are where nothing is kept, without a look at the lists', async () => {
    const gone = { ...csv([]), location: 'file:///nowhere', keep: undefined };
    const later = { ...csv([]), location: 'file:///nowhere', round: 1 };
    expect(await join([2, 1], [gone, later], 0)).toEqual([
      { url: url(2), n: 2 },
      { url: url(1), n: 1 },
    ]);
  });

  it('are the same lines where they go through files, which are gone afterwards', async () => {
    const rows = Array.from({ length: 3000 }, (_, at) => {
      return [(at * 7) % 900, at % 50 === 0 ? 'x'.repeat(20_000) : `t${at}`] as const;
    });
    const numbers = Array.from({ length: 1000 }, (_, at) => at);
    const held = await join(numbers, [csv(rows)], 2000);
    const files = await freshFolder();
    const parted = await join(numbers, [csv(rows)], 10, files);
    expect(parted).toHaveLength(3100);
    const sorted = (lines: typeof held) =>
      lines.map((one) => JSON.stringify(one)).toSorted((a, b) => (a < b ? -1 : 1));
    expect(sorted(parted)).toEqual(sorted(held));
    expect(readdirSync(files)).toEqual([]);
  });

  it('keep all digits on the way through files', async () => {
    const list = folder.list(`{"url":"${url(1)}","id":12345678901234567890}\n`, {
      format: 'jsonl',
      keep: ['id'],
    });
    const [one] = await join([1, 2], [list], 1);
    const [joined] = [one, ...(await join([1, 2], [list], 1))].filter((it) => it?.url === url(1));
    expect(joined?.columns).toEqual({ id: 12_345_678_901_234_567_890n });
  });

  it('are not cut where a list is broken', async () => {
    const list = folder.list(`url,text\n${url(1)},a\n${url(2)},"open\n`, {
      format: 'csv',
      keep: ['text'],
    });
    await expect(join([1, 2], [list], 10)).rejects.toThrow('the rest cannot be read');
  });
});

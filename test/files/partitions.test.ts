import { expect, test } from 'vitest';
import { Partitions } from '../../adapters/files/partitions.ts';

const PARTS = 4;

test('whatever has one key is in one part, in the order in which it came, however long', async () => {
  const partitions = await Partitions.create(PARTS);
  const lines = Array.from({ length: 3000 }, (_, at) => {
    const text = at % 500 === 0 ? 'ü'.repeat(200_000) : 'x'.repeat(at % 300);
    return [`key ${at % 70}`, `${at} ${text}`] as const;
  });
  for (const [key, line] of lines) await partitions.add(key, line);
  const read: string[][] = [];
  for (let part = 0; part < PARTS; part += 1) {
    const inPart: string[] = [];
    for await (const texts of partitions.read(part)) inPart.push(...texts);
    read.push(inPart);
  }
  await partitions.remove();

  expect(read.flat()).toHaveLength(lines.length);
  for (const inPart of read) {
    expect(inPart.length).toBeGreaterThan(0);
    const keys = new Set(inPart.map((line) => Number.parseInt(line, 10) % 70));
    const expected = lines.filter((_, at) => keys.has(at % 70)).map(([, line]) => line);
    expect(inPart).toEqual(expected);
  }
});

test('a part that has nothing is empty', async () => {
  const partitions = await Partitions.create(PARTS);
  for await (const texts of partitions.read(0)) expect(texts).toEqual([]);
  await partitions.remove();
});

import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ListSource } from '../../adapters/seeds/list-source.ts';
import { openObject } from '../../adapters/seeds/open-object.ts';
import type { SeedList } from '../../core/model/run.ts';
import { gather, START } from '../seeds/lists.ts';
import { aCaptionedList, captionOf, urlOf } from '../seeds/parquet-files.ts';
import { startSqsAndS3 } from './emulators.ts';

let services: Awaited<ReturnType<typeof startSqsAndS3>>;
let Bucket: string;
beforeAll(async () => {
  services = await startSqsAndS3();
  Bucket = await services.createBucket();
});
afterAll(() => services.close());

async function put(Body: Buffer): Promise<SeedList> {
  await services.s3.send(new PutObjectCommand({ Bucket, Key: 'seeds/a b', Body }));
  const location = `s3://${Bucket}/seeds/a%20b`;
  return { name: 'list', location, format: 'text', gzip: false, round: 0, keep: ['TEXT'] };
}

it('a Parquet list of a bucket is read part by part', async () => {
  const list = await put(aCaptionedList(300, { rowGroupSize: 100 }));
  const source = new ListSource(openObject(services.s3));
  const read = (await gather(source.read(list, { line: 250, byte: 0 }))).flat();
  expect(read.map(({ text }) => text)).toEqual(
    Array.from({ length: 50 }, (_, at) => urlOf(251 + at)),
  );
  const rows = (await gather(source.rows(list))).flat();
  expect(rows.map(({ columns }) => columns?.['TEXT'])).toEqual(
    Array.from({ length: 300 }, (_, at) => captionOf(at + 1)),
  );
});

it('a list of lines is read from a byte on, and tells its whole length', async () => {
  const list = await put(Buffer.from(`${urlOf(1)}\n${urlOf(2)}\n`));
  const source = new ListSource(openObject(services.s3));
  const [first] = (await gather(source.read(list, START))).flat();
  const after = { line: 1, byte: first?.endByte ?? 0 };
  expect((await gather(source.read(list, after))).flat()).toMatchObject([{ text: urlOf(2) }]);
  const opened = await openObject(services.s3)(list.location, 5, 9);
  opened.bytes.destroy();
  expect(opened.size).toBe(`${urlOf(1)}\n${urlOf(2)}\n`.length);
});

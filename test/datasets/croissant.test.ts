import { hash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { writeCroissant } from '../../adapters/datasets/croissant/write-croissant.ts';
import { SampleForm } from '../../adapters/datasets/sample.ts';
import { FILE_COLUMNS } from '../../adapters/datasets/write-files.ts';
import { aRun } from '../cli/records.ts';
import { freshFolder } from '../fresh-folder.ts';

const text = { type: 'string', minLength: 1 };
const reference = { type: 'object', required: ['@id'], properties: { '@id': text } };

/** What Croissant 1.1 asks of a description and of the parts that ours has. */
const SCHEMA = {
  type: 'object',
  required: [
    '@context',
    '@type',
    'conformsTo',
    'name',
    'description',
    'license',
    'url',
    'creator',
    'datePublished',
    'distribution',
  ],
  properties: {
    '@type': { const: 'sc:Dataset' },
    conformsTo: { const: 'http://mlcommons.org/croissant/1.1' },
    datePublished: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' },
    distribution: {
      type: 'array',
      items: {
        oneOf: [
          {
            type: 'object',
            required: ['@id', 'contentUrl', 'encodingFormat', 'sha256'],
            properties: {
              '@type': { const: 'cr:FileObject' },
              sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
            },
          },
          {
            type: 'object',
            required: ['@id', 'includes', 'encodingFormat'],
            properties: { '@type': { const: 'cr:FileSet' } },
          },
        ],
      },
    },
    recordSet: {
      type: 'array',
      items: {
        type: 'object',
        required: ['@id', 'field', 'key'],
        properties: {
          '@type': { const: 'cr:RecordSet' },
          key: reference,
          field: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              required: ['@id', 'dataType', 'source'],
              properties: {
                '@type': { const: 'cr:Field' },
                dataType: { enum: ['sc:Text', 'cr:Int64', 'sc:Float', 'sc:Boolean'] },
                source: { type: 'object', required: ['extract'] },
              },
            },
          },
        },
      },
    },
    'prov:wasGeneratedBy': {
      type: 'object',
      required: ['@type', 'prov:startedAtTime', 'prov:endedAtTime', 'additionalProperty'],
    },
  },
};

const isCroissant = new Ajv({ strict: false }).compile(SCHEMA);

async function described(format: 'webdataset' | 'files' | 'warc', names: readonly string[]) {
  const folder = await freshFolder();
  for (const name of names) await writeFile(join(folder, name), name);
  const headers = [{ name: 'X-Token', value: 'a secret' }];
  const { settings } = aRun();
  const run = aRun({ settings: { ...settings, headers, imagesFolder: '/home/me/images' } });
  const reasons = { 'opted-out': 3, reserved: 2, 'not-found': 1 };
  const lastFetched = '2026-11-28T12:00:00.000Z';
  const counts = { rows: 10, images: 4, reasons, lastFetched };
  const listed = [{ name: 'score', type: 'DOUBLE' as const }];
  const { columns } = new SampleForm(listed, 'alt', FILE_COLUMNS);
  await writeCroissant({ folder, format, run, counts, columns, version: '1.2.3' });
  const path = join(folder, 'croissant.json');
  expect((await stat(path)).isFile()).toBe(true);
  return readFile(path, 'utf8');
}

test.each([
  ['webdataset', ['00000.tar', '00000.parquet', '00000_stats.json']],
  ['files', ['metadata.jsonl']],
  ['warc', ['00000.warc.gz', 'index.cdxj']],
] as const)('the description of %s has what Croissant 1.1 asks for', async (format, names) => {
  const description = JSON.parse(await described(format, names));
  isCroissant(description);
  expect(isCroissant.errors).toBeNull();
  const files = new Map<string, Record<string, unknown>>(
    description.distribution.map((file: { '@id': string }) => [file['@id'], file]),
  );
  for (const name of names)
    expect(files.get(name)).toMatchObject({
      contentUrl: name,
      sha256: hash('sha256', name, 'hex'),
    });
});

test('fields are read from files that the description lists', async () => {
  const { distribution, recordSet } = JSON.parse(await described('files', ['metadata.jsonl']));
  const ids = new Set(distribution.map((file: { '@id': string }) => file['@id']));
  const [{ field, key }] = recordSet;
  for (const { source } of field) expect(ids).toContain(source.fileObject['@id']);
  expect(field.map((one: { '@id': string }) => one['@id'])).toContain(key['@id']);
  expect(field).toContainEqual(expect.objectContaining({ name: 'score', dataType: 'sc:Float' }));
});

test('it states what made the data set, when, how, and how many opt-outs were respected', async () => {
  const description = JSON.parse(await described('webdataset', []));
  const made = description['prov:wasGeneratedBy'];
  expect(made).toMatchObject({
    'prov:startedAtTime': '1970-01-01T00:16:40.000Z',
    'prov:endedAtTime': '2026-11-28T12:00:00.000Z',
    'prov:used': ['list.txt'],
    'prov:wasAssociatedWith': { 'prov:label': 'image-crawler 1.2.3' },
  });
  const told = (name: string, value: unknown) =>
    expect(made.additionalProperty).toContainEqual({ '@type': 'PropertyValue', name, value });
  told('setting userAgent', 'test');
  told('setting purposes', 'train, ai-input, search, tdm, keep');
  told('kept out: opted-out', 3);
  told('kept out: reserved', 2);
  told('images', 4);
});

test('it contains no secret and no folder of the operator', async () => {
  const text = await described('webdataset', []);
  expect(text).not.toContain('a secret');
  expect(text).not.toContain('/home/me');
});

import type { ColumnType } from '../column-types.ts';
import { ABSENT_COLUMNS, FILE_COLUMNS } from '../write-files.ts';
import type { Described, FileObject } from './described.ts';

const DATA_TYPES: Readonly<Record<ColumnType, string>> = {
  STRING: 'sc:Text',
  INT64: 'cr:Int64',
  DOUBLE: 'sc:Float',
  BOOLEAN: 'sc:Boolean',
};

/** What the files of a data set are, and how rows are read from them. */
export function recordSetsOf(described: Described, files: readonly FileObject[]) {
  switch (described.format) {
    case 'webdataset':
      return shards(described, files);
    case 'files':
      return imageFolder(described, files);
    case 'warc':
      return { distribution: files };
  }
}

function shards({ columns }: Described, files: readonly FileObject[]) {
  const set = {
    '@type': 'cr:FileSet',
    '@id': 'tables',
    name: 'tables',
    description: 'A table of the rows of each shard, those without an image too.',
    encodingFormat: 'application/x-parquet',
    includes: '[0-9]*.parquet',
  };
  const source = (column: string) => ({ fileSet: { '@id': 'tables' }, extract: { column } });
  return { distribution: [...files, set], recordSet: [recordSet(columns, 'key', source)] };
}

function imageFolder({ columns }: Described, files: readonly FileObject[]) {
  const set = {
    '@type': 'cr:FileSet',
    '@id': 'images',
    name: 'images',
    description: 'The images as they were downloaded.',
    encodingFormat: 'image/*',
    includes: 'images/**',
  };
  const source = (column: string) => ({
    fileObject: { '@id': 'metadata.jsonl' },
    extract: { column },
  });
  const told = columns.filter(({ name }) => !ABSENT_COLUMNS.has(name));
  const own = FILE_COLUMNS.map((name) => ({ name, type: 'STRING' as const }));
  const all = [...own, ...told];
  return { distribution: [...files, set], recordSet: [recordSet(all, 'file_name', source)] };
}

function recordSet(columns: Described['columns'], key: string, source: (column: string) => object) {
  return {
    '@type': 'cr:RecordSet',
    '@id': 'rows',
    name: 'rows',
    key: { '@id': `rows/${key}` },
    field: columns.map(({ name, type }) => ({
      '@type': 'cr:Field',
      '@id': `rows/${name}`,
      name,
      dataType: DATA_TYPES[type],
      source: source(name),
    })),
  };
}

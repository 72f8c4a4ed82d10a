import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CONTEXT } from './context.ts';
import type { Described, FileObject } from './described.ts';
import { provenanceOf, runUrn } from './provenance.ts';
import { recordSetsOf } from './record-sets.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  tar: 'application/x-tar',
  parquet: 'application/x-parquet',
  jsonl: 'application/jsonlines',
  json: 'application/json',
  gz: 'application/warc',
  cdxj: 'text/x-cdxj',
};

/** Writes `croissant.json` (Croissant 1.1) beside the files of a data set. */
export async function writeCroissant(described: Described): Promise<void> {
  const { folder, run, counts, version } = described;
  const files = await describeFiles(folder);
  const description = {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.1',
    name: `crawl-${run.runId}`,
    description: `${counts.images} images of ${counts.rows} URLs, downloaded from the web by image-crawler ${version} in run ${run.runId}.`,
    license: 'Each picture belongs to its owner: see url, found_on and rights of its row.',
    url: runUrn(run.runId),
    creator: { '@type': 'Organization', name: run.settings.userAgent },
    datePublished: (counts.lastFetched ?? new Date(run.startedMs).toISOString()).slice(0, 10),
    version: '1.0.0',
    ...provenanceOf(run, counts, version),
    ...recordSetsOf(described, files),
  };
  const text = `${JSON.stringify(description, undefined, 2)}\n`;
  await writeFile(join(folder, 'croissant.json'), text);
}

async function describeFiles(folder: string): Promise<readonly FileObject[]> {
  const files: FileObject[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    const stats = await stat(path);
    const ending = name.slice(name.lastIndexOf('.') + 1);
    const encodingFormat = MEDIA_TYPES[ending];
    if (!stats.isFile() || encodingFormat === undefined) continue;
    files.push({
      '@type': 'cr:FileObject',
      '@id': name,
      name,
      contentUrl: name,
      contentSize: `${stats.size} B`,
      encodingFormat,
      sha256: await sha256Of(path),
    });
  }
  return files;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}

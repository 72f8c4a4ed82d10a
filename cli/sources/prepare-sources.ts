import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { objectOf } from '../../adapters/aws/object-uri.ts';
import { formatOf } from '../../core/model/list-format.ts';
import { textsOfCell } from '../../core/seed/list-text.ts';
import { readSeedLine } from '../../core/seed/read-seed-line.ts';
import { CommandError } from '../command-error.ts';
import { errorCode, systemMessage } from '../deployment/system-error.ts';
import { checkList } from './check-list.ts';
import { downloadOwn } from './download-object.ts';
import type { CheckedList, ListFile } from './list-file.ts';
import { checkListOptions, formatOfInput, type ListOptions } from './list-format.ts';
import { listNote } from './list-note.ts';

/** Where sources come from. */
export interface SourcePlace {
  /** Folder that relative paths are meant from. */
  readonly base: string;
  readonly stdin: Readable;
}

/** Lists that can be crawled, and a folder of their own for those that were no files. */
export interface PreparedSources {
  readonly lists: readonly ListFile[];
  /** What the person has to know of how they are read, a line each. */
  readonly notes: readonly string[];
  /** Removes what was written on the way. */
  discard(): Promise<void>;
}

type Source =
  | { readonly kind: 'urls'; readonly urls: readonly string[] }
  | { readonly kind: 'input' }
  | { readonly kind: 'object'; readonly uri: string }
  | { readonly kind: 'file'; readonly name: string };

/** Looks at all sources; nothing is left behind when one is refused. @throws CommandError */
export async function prepareSources(
  texts: readonly string[],
  options: ListOptions,
  place: SourcePlace,
): Promise<PreparedSources> {
  const sources = texts.map(sourceOf);
  if (sources.filter(({ kind }) => kind === 'input').length > 1)
    throw new CommandError('standard input (-) can be given once');
  const folder = await mkdtemp(join(tmpdir(), 'crawl-'));
  const discard = () => rm(folder, { recursive: true, force: true });
  try {
    const checked: CheckedList[] = [];
    for (const source of sources) {
      if (source.kind === 'file') checked.push(await fromFile(source.name, folder, options, place));
      if (source.kind === 'object') checked.push(await fromObject(source.uri, folder, options));
      if (source.kind === 'input') checked.push(await fromInput(folder, options, place));
    }
    const kinds = checked.map(({ shape }) => shape.kind);
    checkListOptions(options, kinds);
    const lists = checked.map(({ list }) => list);
    const urls = sources.flatMap((source) => (source.kind === 'urls' ? source.urls : []));
    if (urls.length > 0) lists.unshift(await fromUrls(urls, folder));
    return { lists, notes: checked.flatMap((one) => listNote(one) ?? []), discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** An argument is read as a cell of a table is: the shell has found its end. */
function sourceOf(text: string): Source {
  if (text === '-') return { kind: 'input' };
  if (objectOf(text) !== undefined) return { kind: 'object', uri: text };
  if (!text.includes('://')) return { kind: 'file', name: text };
  const urls = textsOfCell(text).map((one) => {
    const parsed = readSeedLine({ ...one, line: 1, endByte: 0 });
    if (parsed.kind === 'bad') throw new CommandError(parsed.problem);
    // As given, for a URL is requested so.
    return one.text;
  });
  return { kind: 'urls', urls };
}

async function fromUrls(urls: readonly string[], folder: string): Promise<ListFile> {
  const path = join(folder, 'urls');
  await writeFile(path, urls.map((url) => `${url}\n`).join(''));
  const [first = '', ...others] = urls;
  const name = others.length === 0 ? first : `${first} and ${others.length} more`;
  return { name, path, format: 'text', gzip: false };
}

async function fromInput(
  folder: string,
  options: ListOptions,
  { stdin }: SourcePlace,
): Promise<CheckedList> {
  const path = join(folder, 'input');
  await spool('standard input', stdin, path);
  return checkList('standard input', path, formatOfInput(options), options);
}

/** With the credentials of the person. Read once: a run has a copy of its lists anyway. */
async function fromObject(uri: string, folder: string, options: ListOptions): Promise<CheckedList> {
  const copy = join(await mkdtemp(join(folder, 'object-')), 'list');
  await downloadOwn(uri, copy);
  return checkList(uri, copy, formatOf(uri), options);
}

async function fromFile(
  name: string,
  folder: string,
  options: ListOptions,
  { base }: SourcePlace,
): Promise<CheckedList> {
  const path = resolve(base, name);
  const found = await statOf(name, path);
  if (found.isDirectory()) throw new CommandError(`${name} is a directory, not a list of URLs`);
  if (found.isFile()) return checkList(name, path, formatOf(name), options);
  // A pipe, as `<(…)` of a shell gives: it can be read once, and only now.
  const copy = join(await mkdtemp(join(folder, 'pipe-')), 'input');
  await spool(name, createReadStream(path), copy);
  return checkList(name, copy, formatOf(name), options);
}

async function statOf(name: string, path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT')
      throw new CommandError(`cannot read ${name}: ${systemMessage(error)}`);
    const advice = /^[a-z0-9-]+(\.[a-z0-9-]+)+\//i.test(name)
      ? ' (a URL begins with https://)'
      : '';
    throw new CommandError(`no such file: ${name}${advice}`);
  }
}

async function spool(name: string, from: Readable, path: string): Promise<void> {
  try {
    await pipeline(from, createWriteStream(path));
  } catch (error) {
    throw new CommandError(`cannot read ${name}: ${systemMessage(error)}`);
  }
}

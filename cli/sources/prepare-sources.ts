import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseUrl } from '../../core/canonical-url.ts';
import { formatOf } from '../../core/list-format.ts';
import { CommandError } from '../command-error.ts';
import { errorCode, systemMessage } from '../system-error.ts';
import { checkList } from './check-list.ts';
import type { ListFile } from './list-file.ts';
import { checkListOptions, formatOfInput, type ListOptions } from './list-format.ts';

/** Where sources come from. */
export interface SourcePlace {
  /** Folder that relative paths are meant from. */
  readonly base: string;
  readonly stdin: Readable;
}

/** Lists that can be crawled, and a folder of their own for those that were no files. */
export interface PreparedSources {
  readonly lists: readonly ListFile[];
  /** Removes what was written on the way. */
  discard(): Promise<void>;
}

type Source =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'input' }
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
  checkListOptions(options, formatsOf(sources, options));
  const folder = await mkdtemp(join(tmpdir(), 'crawl-'));
  const discard = () => rm(folder, { recursive: true, force: true });
  try {
    const lists: ListFile[] = [];
    for (const source of sources) {
      if (source.kind === 'file') lists.push(await fromFile(source.name, folder, options, place));
      if (source.kind === 'input') lists.push(await fromInput(folder, options, place));
    }
    const urls = sources.flatMap((source) => (source.kind === 'url' ? source.url : []));
    if (urls.length > 0) lists.unshift(await fromUrls(urls, folder));
    return { lists, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

function sourceOf(text: string): Source {
  if (text === '-') return { kind: 'input' };
  if (!text.includes('://')) return { kind: 'file', name: text };
  const parsed = parseUrl(text);
  if (parsed.kind === 'bad') throw new CommandError(parsed.problem);
  // As given, for a URL is requested so; its line ends are none of it (WHATWG URL, section 4.4).
  return { kind: 'url', url: text.replaceAll(/[\t\n\r]/g, '') };
}

function formatsOf(sources: readonly Source[], options: ListOptions) {
  return sources.flatMap((source) => {
    if (source.kind === 'file') return formatOf(source.name);
    return source.kind === 'input' ? formatOfInput(options) : [];
  });
}

async function fromUrls(urls: readonly string[], folder: string): Promise<ListFile> {
  const path = join(folder, 'urls');
  await writeFile(path, urls.map((url) => `${url}\n`).join(''));
  return { name: 'the command line', path, format: 'text', gzip: false };
}

async function fromInput(
  folder: string,
  options: ListOptions,
  { stdin }: SourcePlace,
): Promise<ListFile> {
  const path = join(folder, 'input');
  await spool('standard input', stdin, path);
  return checkList('standard input', path, formatOfInput(options), options);
}

async function fromFile(
  name: string,
  folder: string,
  options: ListOptions,
  { base }: SourcePlace,
): Promise<ListFile> {
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

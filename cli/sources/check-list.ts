import { open } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { ListSource } from '../../adapters/seeds/list-source.ts';
import { openFile } from '../../adapters/seeds/open-file.ts';
import { isSeekable, UNREADABLE_REST } from '../../adapters/seeds/seed-lines.ts';
import { parseUrl } from '../../core/canonical-url.ts';
import type { SeedLine } from '../../core/ports/seed-source.ts';
import type { SeedList } from '../../core/run.ts';
import { CommandError } from '../command-error.ts';
import { systemMessage } from '../system-error.ts';
import { findColumn } from './find-column.ts';
import type { ListFile } from './list-file.ts';
import type { ListOptions } from './list-format.ts';

/** How much of a file is looked at for what a text does not have, in bytes. */
const HEAD_BYTES = 64 * 1024;

/** Looks at a list before anything is made of it. @throws CommandError, one line that names it */
export async function checkList(
  name: string,
  path: string,
  format: SeedList['format'],
  options: ListOptions,
): Promise<ListFile> {
  const head = await readHead(name, path);
  if (head.length === 0) throw new CommandError(`${name} is empty`);
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  if (!gzip) refuseBinary(name, head);
  const bare = { name, path, format, gzip };
  const list = { ...bare, field: await fieldOf(bare, options) };
  await requireUrl(list);
  return list;
}

async function readHead(name: string, path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new CommandError(`cannot read ${name}: ${systemMessage(error)}`);
  }
}

function refuseBinary(name: string, head: Buffer): void {
  if (!head.includes(0)) return;
  const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const what = isWide ? 'is UTF-16: save it as UTF-8' : 'is binary, not a list of URLs';
  throw new CommandError(`${name} ${what}`);
}

async function fieldOf(list: ListFile, { column, field }: ListOptions) {
  if (list.format === 'text') return undefined;
  return list.format === 'csv' ? findColumn(list, column) : field;
}

/**
 * At least one line must be a URL. A list that can be entered anywhere is read no further than
 * that; a CSV or a gzip can be broken further on, and the seeder could only leave out the rest.
 */
async function requireUrl(list: ListFile): Promise<void> {
  const { name } = list;
  let found = false;
  let firstBad: string | undefined;
  const whole = { ...list, location: pathToFileURL(list.path).href, round: 0 };
  for await (const lines of readWhole(whole)) {
    const problems = lines.map(problemOf);
    found ||= problems.includes(undefined);
    firstBad ??= problems[0];
    const broken = lines.find(({ problem }) => problem?.startsWith(UNREADABLE_REST))?.problem;
    if (found && broken !== undefined)
      throw new CommandError(
        `${name} cannot be read to its end: ${broken.slice(UNREADABLE_REST.length)}`,
      );
    if (found && isSeekable(whole)) return;
  }
  if (!found)
    throw new CommandError(`no URL in ${name}${firstBad === undefined ? '' : `: ${firstBad}`}`);
}

async function* readWhole(list: SeedList): AsyncGenerator<readonly SeedLine[]> {
  try {
    yield* new ListSource(openFile).read(list, { line: 0, byte: 0 });
  } catch (error) {
    throw new CommandError(`cannot read ${list.name}: ${systemMessage(error)}`);
  }
}

function problemOf({ line, text, problem }: SeedLine): string | undefined {
  if (text === undefined) return `line ${line}: ${problem}`;
  const parsed = parseUrl(text);
  return parsed.kind === 'bad' ? `line ${line}: ${parsed.problem}` : undefined;
}

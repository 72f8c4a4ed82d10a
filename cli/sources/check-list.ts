import { open } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { ListShape } from '../../adapters/seeds/list-shape.ts';
import { ListSource } from '../../adapters/seeds/list-source.ts';
import { openFile } from '../../adapters/seeds/open-file.ts';
import { UNREADABLE_REST } from '../../adapters/seeds/seed-lines.ts';
import { wantedByHooks } from '../../core/model/given-columns.ts';
import { HOOK_COLUMNS } from '../../core/model/hook-columns.ts';
import type { SeedList } from '../../core/model/run.ts';
import type { SeedLine } from '../../core/ports/seed-source.ts';
import { readSeedLine } from '../../core/seed/read-seed-line.ts';
import { CommandError } from '../command-error.ts';
import { systemMessage } from '../deployment/system-error.ts';
import type { CheckedList, ListFile } from './list-file.ts';
import { keptBy, type ListOptions } from './list-format.ts';

/** Reads the files of this machine as the seeder does. */
const source = new ListSource(openFile);

/** Looks at a list before anything is made of it. @throws CommandError, one line that names it */
export async function checkList(
  name: string,
  path: string,
  format: SeedList['format'],
  { column, field, hashColumn, ...options }: ListOptions,
): Promise<CheckedList> {
  const head = await readStart(name, path);
  if (head.length === 0) throw new CommandError(`${name} is empty`);
  const bare = { name, path, format, gzip: head[0] === 0x1f && head[1] === 0x8b };
  const { kind } = await shapeOf(bare);
  const isJson = kind.startsWith('json') || (kind === 'refused' && format === 'jsonl');
  const list = {
    ...bare,
    field: isJson ? field : column,
    hashField: kind === 'text' ? undefined : hashColumn,
    keep: keptBy(options),
    hookColumns: wantedByHooks(HOOK_COLUMNS),
  };
  const shape = await shapeOf(list);
  if (shape.kind === 'refused') throw new CommandError(`${name} ${shape.problem}`);
  await requireUrl(list, shape);
  return { list, shape };
}

async function readStart(name: string, path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw cannotRead(name, error);
  }
}

async function shapeOf(list: ListFile): Promise<ListShape> {
  try {
    return (await source.know(seedListOf(list))).shape;
  } catch (error) {
    throw cannotRead(list.name, error);
  }
}

/**
 * At least one line must be a URL. A list of lines is read no further than that; a table, an array
 * or a gzip can be broken further on, and the seeder could only leave out the rest.
 */
async function requireUrl(list: ListFile, { kind }: ListShape): Promise<void> {
  const { name, gzip } = list;
  const mayBreak = gzip || kind === 'table' || kind === 'json-array' || kind === 'parquet';
  let found = false;
  let firstBad: string | undefined;
  for await (const entries of readWhole(seedListOf(list))) {
    const problems = entries.map(problemOf);
    found ||= problems.includes(undefined);
    firstBad ??= problems[0];
    const broken = entries.find(({ problem }) => problem?.startsWith(UNREADABLE_REST))?.problem;
    if (found && broken !== undefined)
      throw new CommandError(
        `${name} cannot be read to its end: ${broken.slice(UNREADABLE_REST.length)}`,
      );
    if (found && !mayBreak) return;
  }
  if (found) return;
  const why = firstBad === undefined ? '' : `: ${firstBad}`;
  const isField = kind.startsWith('json') && why.includes(': no text "');
  const choice = isField ? ' (choose the field with --field, as in image.src)' : '';
  throw new CommandError(`no URL in ${name}${why}${choice}`);
}

async function* readWhole(list: SeedList): AsyncGenerator<readonly SeedLine[]> {
  try {
    // What is kept is read to its end as well: nothing of it may be missing later.
    yield* list.keep === undefined ? source.read(list, { line: 0, byte: 0 }) : source.rows(list);
  } catch (error) {
    throw cannotRead(list.name, error);
  }
}

function problemOf(entry: SeedLine): string | undefined {
  const parsed = readSeedLine(entry);
  return parsed.kind === 'bad' ? `line ${entry.line}: ${parsed.problem}` : undefined;
}

function seedListOf({ path, ...list }: ListFile): SeedList {
  return { ...list, location: pathToFileURL(path).href, round: 0 };
}

function cannotRead(name: string, error: unknown): CommandError {
  return new CommandError(`cannot read ${name}: ${systemMessage(error)}`);
}

import { tablePrefix } from '../../contract/bucket-keys.ts';
import type { FinishPlace } from '../../contract/finish-event.ts';
import { portionsOf } from '../../core/model/portions.ts';
import type { ResultFields, SettledResult } from '../../core/model/result.ts';
import type { EndedLine, Finishing, FinishPorts, StepEnd } from './ended-run.ts';
import { portionsOfGroups } from './portions-of-groups.ts';
import { WorkFiles } from './work-files.ts';

/** Most rows of a table: with all of its texts it has to fit into the 512 MB of files that a function has. */
const MAX_ROWS = 250_000;

/** Where the members of old shards are now. */
type Moves = ReadonlyMap<
  string,
  { readonly to: string; readonly offsets: ReadonlyMap<number, number> }
>;

/**
 * Points the results to the new shards, and writes them as tables: one for each portion of groups, from
 * portion `next` on. Of several results of a URL the last one in the log of its group counts.
 */
export async function writeTables(place: FinishPlace, finishing: Finishing): Promise<StepEnd> {
  const { run, ports, isLate } = finishing;
  const moves = await movesOf(finishing);
  const portions = portionsOfGroups(run.groups);
  const tables = place.tables.slice(0, place.next);
  const isNeeded = moves.size > 0 || ports.tables !== undefined;
  for (let at = place.next; isNeeded && at < portions.length; at += 1) {
    if (at > place.next && isLate()) return { kind: 'next', place: { ...place, next: at, tables } };
    tables.push(await writePortion(portions[at] ?? [], at, moves, finishing));
  }
  return { kind: 'next', place: { step: 'publish', next: 0, tables } };
}

/** The key of a table: which one of which portion of groups. */
export function tableKey(runId: string, portion: number, number: number): string {
  return `${tablePrefix(runId)}part-${digits(portion, 5)}-${digits(number, 3)}.parquet`;
}

function digits(number: number, count: number): string {
  return String(number).padStart(count, '0');
}

async function movesOf({ run, by, ports: { shelf } }: Finishing): Promise<Moves> {
  const work = new WorkFiles(shelf, run.runId, by);
  const { moves } = await work.readPlan();
  return new Map(moves.map(({ from, to, offsets }) => [from, { to, offsets: new Map(offsets) }]));
}

/** Gives the number of tables. */
async function writePortion(
  groups: readonly string[],
  portion: number,
  moves: Moves,
  finishing: Finishing,
): Promise<number> {
  const rows = rowsOf(groups, moves, finishing);
  const { tables } = finishing.ports;
  if (tables === undefined) {
    for await (const _ of rows);
    return 0;
  }
  let number = 0;
  for (let row = await rows.next(); row.done !== true; number += 1) {
    const first = row.value;
    const write = async function* () {
      yield first;
      for (let count = 1; count < MAX_ROWS; count += 1) {
        row = await rows.next();
        if (row.done === true) return;
        yield row.value;
      }
      row = await rows.next();
    };
    await tables.write(tableKey(finishing.run.runId, portion, number), write());
  }
  return number;
}

/** The results of groups as they are to be read; what was moved of a group is settled when it was read. */
async function* rowsOf(
  groups: readonly string[],
  moves: Moves,
  { run, ports }: Finishing,
): AsyncGenerator<Partial<ResultFields>> {
  for (const group of groups) {
    const moved: SettledResult[] = [];
    for await (const line of run.linesOf(group)) {
      const result = movedResult(line, moves);
      if (result !== undefined) moved.push(result);
      yield result ?? (line.kind === 'settled' ? line.result : line.line);
    }
    if (moved.length > 0) await settle(run.runId, group, moved, ports);
  }
}

/** The result where its image is somewhere else from now on. */
function movedResult(line: EndedLine, moves: Moves): SettledResult | undefined {
  if (line.kind === 'left-out') return undefined;
  const { file = '', offset: from = 0 } = line.result;
  const move = moves.get(file);
  const offset = move?.offsets.get(from);
  return move === undefined || offset === undefined
    ? undefined
    : { ...line.result, file: move.to, offset };
}

async function settle(
  runId: string,
  group: string,
  results: readonly SettledResult[],
  { ledger }: FinishPorts,
): Promise<void> {
  const { hold } = await ledger.enter(runId, group);
  const packs = [...portionsOf(results, ledger.limits.packResults)].map((some, part) => {
    return { runId, group, hold, part, results: some };
  });
  for (const some of portionsOf(packs, ledger.limits.writes)) await ledger.settle(some);
}

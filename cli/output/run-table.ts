import { formatBytes, formatCount, formatSeconds, formatTime } from '../options/quantities.ts';
import { type Standing, sourceOf, stateOf } from './summary.ts';
import { STATE_WORDS } from './summary-text.ts';

/** Columns and whether they hold words; the others hold numbers, and end at the same place. */
const COLUMNS = [
  { name: 'RUN', isWord: true },
  { name: 'STATE', isWord: true },
  { name: 'STARTED', isWord: true },
  { name: 'URLS', isWord: false },
  { name: 'SUCCEEDED', isWord: false },
  { name: 'FAILED', isWord: false },
  { name: 'SKIPPED', isWord: false },
  { name: 'BYTES', isWord: false },
  { name: 'TIME', isWord: false },
  { name: 'SOURCE', isWord: true },
];

/** Runs as the lines of a table. */
export function runTable(runs: readonly Standing[]): readonly string[] {
  const rows = [COLUMNS.map(({ name }) => name), ...runs.map(rowOf)];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => {
    const cells = row.map((cell, at) => pad(cell, widths[at] ?? 0, COLUMNS[at]?.isWord ?? true));
    return cells.join('  ').trimEnd();
  });
}

function rowOf({ run, progress, works }: Standing): readonly string[] {
  const { runId, targets, succeeded, failed, skipped, bytes, seconds } = progress;
  return [
    runId,
    STATE_WORDS[stateOf({ progress, works })],
    formatTime(run.startedMs),
    formatCount(targets),
    formatCount(succeeded),
    formatCount(failed),
    formatCount(skipped),
    formatBytes(bytes),
    formatSeconds(seconds),
    sourceOf(run.lists),
  ];
}

function pad(cell: string, width: number, isWord: boolean): string {
  return isWord ? cell.padEnd(width) : cell.padStart(width);
}

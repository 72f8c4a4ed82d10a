import type { RunProgress } from '../core/progress.ts';
import { formatBytes, formatCount, formatSeconds } from './quantities.ts';

const HEADER = ['RUN', 'STATE', 'TARGETS', 'SUCCEEDED', 'FAILED', 'SKIPPED', 'BYTES', 'TIME'];
/** Columns that hold words; the others hold numbers, and end at the same place. */
const WORDS = 2;

/** Runs as the lines of a table. */
export function runTable(runs: readonly RunProgress[]): readonly string[] {
  const rows = [HEADER, ...runs.map(rowOf)];
  const widths = HEADER.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => {
    const cells = row.map((cell, at) => pad(cell, widths[at] ?? 0, at < WORDS));
    return cells.join('  ').trimEnd();
  });
}

function rowOf({ runId, state, targets, succeeded, failed, skipped, bytes, seconds }: RunProgress) {
  const counts = [targets, succeeded, failed, skipped].map(formatCount);
  return [runId, state, ...counts, formatBytes(bytes), formatSeconds(seconds)];
}

function pad(cell: string, width: number, isWord: boolean): string {
  return isWord ? cell.padEnd(width) : cell.padStart(width);
}

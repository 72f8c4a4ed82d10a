import { isUrlText, type ListText } from '../../core/seed/list-text.ts';
import type { TableShape } from './table-shape.ts';

const LINE_END = /\r\n|\n|\r/;
const PROBLEM = 'it is within a quote that is opened in it or before and not closed';

/**
 * Lines within a quoted cell that look like rows of the table: the quote was never meant to go so
 * far. Texts of several lines, as in descriptions of products, do not look so.
 */
export function swallowedRows(
  row: readonly string[],
  endLine: number,
  { index, width, delimiter }: TableShape,
): readonly (ListText & { readonly line: number })[] {
  if (!row.some((cell) => cell.includes('\n') || cell.includes('\r'))) return [];
  const cells = row.map((cell) => cell.split(LINE_END));
  let line = endLine - cells.reduce((sum, lines) => sum + lines.length - 1, 0);
  return cells.flatMap((lines, at) => {
    const first = line;
    line += lines.length - 1;
    if (at === index || lines.length === 1) return [];
    const found = lines.flatMap((text, offset) => {
      const before = offset === 0 ? at : 0;
      const parts = text.split(delimiter);
      const isRow = before + parts.length >= width && isUrlText(parts[index - before] ?? '');
      return isRow ? [{ line: first + offset, text, problem: PROBLEM }] : [];
    });
    // The parser leaves a quote where its end was in doubt; a text may hold a URL in its first line.
    const isSure = lines[0]?.startsWith('"') === true || found.some((one) => one.line > first);
    return isSure ? found : [];
  });
}

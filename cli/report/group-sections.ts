import { formatBytes, formatCount } from '../options/quantities.ts';
import { EMPTY_HTML, type Html, html } from './html.ts';
import { type GroupFigures, type RunFigures, targetsOf } from './run-figures.ts';
import type { Spread } from './spread.ts';
import { bar, table } from './table.ts';

const KILO = 1000;
const BYTE_BORDERS = [1, 10, 100, 1000, 10_000].map((kilobytes) => kilobytes * KILO);
const EDGE_BORDERS = [64, 256, 512, 1024, 2048, 4096];

/** Formats by the bytes. */
export function formatSection(figures: RunFigures): Html {
  const formats = figures.formats();
  if (formats.length === 0) return EMPTY_HTML;
  const most = Math.max(...formats.map(targetsOf));
  const rows = formats.map((format) => [
    format.name,
    formatCount(format.succeeded),
    formatBytes(format.bytes),
    meanOf(format),
    bar(targetsOf(format), most),
  ]);
  const columns = [
    { title: 'format' },
    { title: 'images', kind: 'n' },
    { title: 'bytes', kind: 'n' },
    { title: 'mean', kind: 'n' },
    { title: '', kind: 'bar' },
  ] as const;
  return html`<section><h2>Formats</h2>${table(columns, rows)}</section>`;
}

/** How large images are, in bytes and in pixels. */
export function sizeSection({ bytes, longEdges }: RunFigures): Html {
  if (bytes.count === 0) return EMPTY_HTML;
  const half = formatBytes(bytes.quantile(0.5));
  const most = formatBytes(bytes.max);
  return html`<section><h2>Sizes</h2>
<p>median ${half}, largest ${most}</p>
${spreadTable('bytes', bytes, BYTE_BORDERS, (value) => formatBytes(value).replace('.0', ''))}
${spreadTable('longer side, pixels', longEdges, EDGE_BORDERS, formatCount)}</section>`;
}

function spreadTable(
  title: string,
  spread: Spread,
  borders: readonly number[],
  format: (value: number) => string,
): Html {
  const counts = spread.between(borders);
  const most = Math.max(...counts, 1);
  const rows = counts.map((count, at) => {
    const border = borders[at];
    const name =
      border === undefined ? `from ${format(borders.at(-1) ?? 0)}` : `below ${format(border)}`;
    return [name, formatCount(count), bar(count, most)];
  });
  const columns = [{ title }, { title: 'images', kind: 'n' }, { title: '', kind: 'bar' }] as const;
  return table(columns, rows);
}

function meanOf({ bytes, succeeded }: GroupFigures): string {
  return formatBytes(succeeded > 0 ? bytes / succeeded : 0);
}

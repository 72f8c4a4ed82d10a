import type { ResultBody } from '../../contract/items.ts';
import { verdictOf } from '../../core/outcome.ts';
import { formatBytes } from '../quantities.ts';
import type { Screen } from '../screen.ts';

const COLOURS = { succeeded: 'green', failed: 'red', skipped: 'yellow' } as const;

/** One result in the tutorial's own words: `URL --->>> success`. */
export function demoLine(result: ResultBody, screen: Screen): string {
  const { url, status, attempts } = result;
  const tries = attempts > 1 ? ` (${attempts} tries)` : '';
  return `${url} --->>> ${screen.style(COLOURS[status], status)} ${about(result)}${tries}`;
}

function about({ reason, format, width, height, bytes = 0, finalUrl, detail }: ResultBody): string {
  if (reason !== null) return `${reason}: ${detail ?? verdictOf(reason).about}`;
  const from = finalUrl === undefined ? '' : `, found at ${finalUrl}`;
  return `${format} ${width}x${height} ${formatBytes(bytes)}${from}`;
}

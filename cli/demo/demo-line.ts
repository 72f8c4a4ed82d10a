import type { ResultBody } from '../../contract/items.ts';
import { type Reason, verdictOf } from '../../core/model/outcome.ts';
import { formatBytes } from '../options/quantities.ts';
import type { Screen } from '../output/screen.ts';

const COLOURS = { succeeded: 'green', failed: 'red', skipped: 'yellow' } as const;

/** One result in the tutorial's own words: `URL --->>> success`. */
export function demoLine(result: ResultBody, screen: Screen): string {
  const { url, status, attempts } = result;
  const tries = attempts > 1 ? ` (${attempts} attempts)` : '';
  return `${url} --->>> ${screen.style(COLOURS[status], status)} ${about(result)}${tries}`;
}

function about(result: ResultBody): string {
  const { reason, format, width, height, bytes = 0, finalUrl } = result;
  if (reason !== null) return `${reason}: ${whyOf(reason, result)}`;
  const from = finalUrl === undefined ? '' : `, found at ${finalUrl}`;
  return `${format} ${width}x${height} ${formatBytes(bytes)}${from}`;
}

/** What the server said, where that was the reason. */
function whyOf(reason: Reason, { detail, httpStatus = 0 }: ResultBody): string {
  if (detail !== undefined) return detail;
  return httpStatus >= 400 ? `HTTP ${httpStatus}` : verdictOf(reason).about;
}

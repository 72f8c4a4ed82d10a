import { REASON_NAMES, type Reason } from '../../core/model/outcome.ts';
import { countOf, formatBytes, formatCount } from '../options/quantities.ts';
import { topReasons } from '../output/reasons.ts';
import { EMPTY_HTML, type Html, html } from './html.ts';
import { type GroupFigures, type RunFigures, targetsOf } from './run-figures.ts';
import { bar, table } from './table.ts';

/** Hosts that have a row, and hosts outside of the run that are named. */
const HOSTS = 100;
const NAMED = 500;
/** Reasons of URLs that were found and never asked for. */
const LEFT_OUT: ReadonlySet<Reason> = new Set<Reason>([
  'out-of-scope',
  'too-deep',
  'over-ceiling',
  'trap',
  'host-denied',
]);

/**
 * What each host gave: those with failures first, then by size. Hosts of which every URL was left
 * out have no row: a site links to many others.
 */
export function hostSection(figures: RunFigures): Html {
  const hosts = figures.hosts();
  const outside = hosts.filter(isOutside);
  const visited = hosts.filter((host) => !isOutside(host));
  const byWorth = visited.toSorted((a, b) => b.failed - a.failed || targetsOf(b) - targetsOf(a));
  const shown = byWorth.slice(0, HOSTS);
  const rest = byWorth.length - shown.length;
  const heading = countOf(visited.length, 'host');
  return html`<section><h2>${heading}</h2>${shown.length > 0 ? hostTable(shown) : EMPTY_HTML}
${rest > 0 ? html`<p class="quiet">… and ${countOf(rest, 'host')} with fewer URLs</p>` : ''}
${outside.length > 0 ? outsideHosts(outside) : EMPTY_HTML}</section>`;
}

function hostTable(hosts: readonly GroupFigures[]): Html {
  const most = Math.max(...hosts.map(targetsOf), 1);
  const rows = hosts.map((host) => [
    host.name,
    ...[targetsOf(host), host.succeeded, host.failed, host.skipped].map(formatCount),
    formatBytes(host.bytes),
    topReasons(host.reasons, 2),
    bar(targetsOf(host), most),
  ]);
  const columns = [
    { title: 'host', kind: 'url' },
    { title: 'URLs', kind: 'n' },
    { title: 'succeeded', kind: 'n' },
    { title: 'failed', kind: 'n' },
    { title: 'skipped', kind: 'n' },
    { title: 'bytes', kind: 'n' },
    { title: 'reasons' },
    { title: '', kind: 'bar' },
  ] as const;
  return table(columns, rows);
}

function outsideHosts(hosts: readonly GroupFigures[]): Html {
  const named = hosts.slice(0, NAMED).map(({ name }) => name);
  const rest = hosts.length - named.length;
  return html`<details><summary>${countOf(hosts.length, 'more host')} were linked and left out of the run</summary>
<p>${named.join(', ')}${rest > 0 ? `, and ${formatCount(rest)} more` : ''}</p></details>`;
}

function isOutside({ succeeded, failed, skipped, reasons }: GroupFigures): boolean {
  if (succeeded + failed > 0) return false;
  const leftOut = REASON_NAMES.filter((reason) => LEFT_OUT.has(reason));
  return leftOut.reduce((sum, reason) => sum + (reasons[reason] ?? 0), 0) === skipped;
}

import { emptySums, totalOf } from '../../contract/settled-sums.ts';
import { isReason, type Reason, verdictOf } from '../../core/model/outcome.ts';
import { type RunProgress, settledOf } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import {
  countOf,
  formatBytes,
  formatCount,
  formatDollars,
  formatRate,
  formatSeconds,
} from '../options/quantities.ts';
import { shortened } from '../report/caption.ts';
import type { HostRecords } from './host-records.ts';
import { hostStateOf } from './host-state.ts';
import type { HostTally } from './host-tally.ts';
import type { Speed } from './speed.ts';
import type { ErrorRow, HostRow, PictureRow, ReasonRow, Tile, WatchState } from './watch-state.ts';

/** Pictures on a page of the gallery. */
export const PICTURES = 24;
/** Hosts that have a row. */
const HOSTS = 30;

/** What one look has seen. */
export interface Seen {
  readonly run: Run;
  readonly progress: RunProgress;
  readonly live: boolean;
  readonly speed: Speed;
  readonly tally: HostTally;
  readonly records: HostRecords;
  /** Hosts whose records were asked for. */
  readonly named: readonly string[];
  readonly errors: readonly ErrorRow[];
  readonly errorsNote: string;
  /** The newest pictures, and how many there are in all. */
  readonly newest: { readonly rows: readonly PictureRow[]; readonly count: number };
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** What the page shows of it. */
export function stateOf(seen: Seen): WatchState {
  const { run, progress, live, errors, errorsNote, newest } = seen;
  const { succeeded, failed, skipped, targets } = progress;
  const isTold = progress.ended || live || progress.state === 'over-budget';
  const known = Math.max(1, targets, settledOf(progress));
  return {
    runId: run.runId,
    state: isTold ? progress.state : 'not running',
    ended: progress.ended,
    sources: shortened([...new Set(run.lists.map(({ name }) => name))].join(', ')),
    tiles: tilesOf(seen),
    shares: {
      succeeded: succeeded / known,
      failed: failed / known,
      skipped: skipped / known,
    },
    reasons: reasonsOf(progress),
    hosts: hostsOf(seen),
    hostsNote: hostsNote(seen),
    errors,
    errorsNote,
    pictures: newest.rows,
    pictureCount: newest.count,
  };
}

function tilesOf({ progress, run, live, speed, tally, nowMs }: Seen): readonly Tile[] {
  const { targets, succeeded, failed, skipped, documents, bytes, cost, ended, seconds } = progress;
  const settled = settledOf(progress);
  const isMoving = !ended && live;
  const more = progress.state === 'seeding' ? '+' : '';
  const rate = isMoving ? speed.imagesPerSecond : undefined;
  const perSecond = isMoving ? (speed.settledPerSecond ?? 0) : 0;
  // Little's law: what is under way is what arrives in a second times how long it stays.
  const inFlight = Math.round((perSecond * tally.meanMs) / 1000);
  const leftS = perSecond > 0 ? (targets - settled) / perSecond : undefined;
  const elapsedS = isMoving ? (nowMs - run.startedMs) / 1000 : seconds;
  const documentTiles =
    documents > 0 ? [tile(documents === 1 ? 'page' : 'pages', formatCount(documents))] : [];
  const finished = seconds > 0 ? (succeeded - documents) / seconds : 0;
  return [
    tile(`of ${formatCount(targets)}${more} URLs`, formatCount(settled)),
    tile('images', formatCount(succeeded - documents), 'good'),
    ...documentTiles,
    tile('failed', formatCount(failed), 'bad'),
    tile('skipped', formatCount(skipped), 'pass'),
    tile('images/s', isMoving ? formatMaybe(rate) : formatRate(finished)),
    tile('in flight, about', formatCount(inFlight)),
    tile('downloaded', formatBytes(bytes)),
    ...unchangedTiles(progress),
    ...(cost === undefined ? [] : [tile('estimated cost on AWS', formatDollars(cost))]),
    tile('elapsed', formatSeconds(elapsedS)),
    tile('left, about', leftS === undefined ? '–' : formatSeconds(leftS)),
  ];
}

/** What earlier runs had. */
function unchangedTiles({ unchanged = 0, savedBytes = 0 }: RunProgress): readonly Tile[] {
  const tiles: Tile[] = [];
  if (unchanged > 0) tiles.push(tile('unchanged', formatCount(unchanged)));
  if (savedBytes > 0) tiles.push(tile('not downloaded again', formatBytes(savedBytes)));
  return tiles;
}

function formatMaybe(rate: number | undefined): string {
  return rate === undefined ? '–' : formatRate(rate);
}

function tile(name: string, figure: string, tone: Tile['tone'] = ''): Tile {
  return { name, figure, tone };
}

function reasonsOf({ reasons }: RunProgress): readonly ReasonRow[] {
  return Object.entries(reasons)
    .toSorted(([, a], [, b]) => b - a)
    .flatMap(([reason, count]) => (isReason(reason) ? [reasonRow(reason, count)] : []));
}

function reasonRow(reason: Reason, count: number): ReasonRow {
  const { status, about } = verdictOf(reason);
  return { reason, status, count: formatCount(count), about };
}

/** The largest first; a host that is paused has a row whatever its size. */
function hostsOf({ tally, records, named, run, nowMs }: Seen): readonly HostRow[] {
  const sums = named.map((host) => tally.get(host) ?? emptySums(host));
  const rows = sums.toSorted((a, b) => totalOf(b) - totalOf(a)).slice(0, 2 * HOSTS);
  return rows.map((one) => {
    const { host, succeeded, failed, skipped } = one;
    return {
      host: shortened(host),
      succeeded: formatCount(succeeded),
      failed: formatCount(failed),
      skipped: formatCount(skipped),
      ...hostStateOf(one, records.get(host), run.runId, nowMs),
    };
  });
}

function hostsNote({ tally, progress }: Seen): string {
  const settled = settledOf(progress);
  const from =
    tally.results < settled
      ? `from ${formatCount(tally.results)} of ${countOf(settled, 'result')} so far`
      : `from ${countOf(tally.results, 'result')}`;
  const more = tally.size > HOSTS ? `, the ${HOSTS} largest are shown` : '';
  return `${countOf(tally.size, 'host')}${more}; ${from}`;
}

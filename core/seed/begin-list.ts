import { hash } from 'node:crypto';
import type { Grouping } from '../model/host-group.ts';
import { formatOf } from '../model/list-format.ts';
import { FIRST_CHECKPOINT, type RunSettings, type SeedList } from '../model/run.ts';
import type { ListKeeper, OfferedList } from '../ports/list-keeper.ts';
import type { RunLedger } from '../ports/run-ledger.ts';
import { DEFAULT_COLUMN } from './choose-column.ts';
import type { WantedColumns } from './find-columns.ts';

/** A list that nobody started a run of by hand: it was dropped, or its time has come. */
export interface ListOffer extends OfferedList {
  /** When it was offered, in milliseconds since 1970. */
  readonly offeredMs: number;
  /** What was kept within this time is not asked for again, in milliseconds. */
  readonly maxAgeMs?: number;
}

/** Dependencies of `beginList`. */
export interface BeginPorts extends WantedColumns {
  readonly runs: RunLedger;
  readonly lists: ListKeeper;
  readonly settings: RunSettings;
  readonly grouping: Grouping;
  /** Column of a table or field of JSON that holds the URL. */
  readonly field: string;
}

/** How an offer ended. */
export type Begun =
  | { readonly kind: 'begun'; readonly runId: string }
  | { readonly kind: 'refused'; readonly problem: string };

/**
 * Makes a run of an offered list. An offer that comes twice, as events do, is one run: its id
 * follows from the offer alone. Rejects on infrastructure errors.
 */
export async function beginList(offer: ListOffer, ports: BeginPorts): Promise<Begun> {
  const { runs, lists, settings, grouping, field, hashField, keep, hookColumns } = ports;
  const { key, offeredMs } = offer;
  const runId = runIdOf(offer);
  // The list may be another one by now, or gone; the run has its copy.
  if ((await runs.read(runId)) !== undefined) return { kind: 'begun', runId };
  const kept = await lists.keep(offer, runId);
  if (kept.kind === 'refused') return kept;
  const { location, gzip } = kept;
  // The usual column need not be there: the one that holds URLs is found then.
  const named = field === DEFAULT_COLUMN ? undefined : field;
  const list: SeedList = {
    name: key,
    location,
    format: formatOf(key),
    field: named,
    hashField,
    keep,
    hookColumns,
    gzip,
    round: 0,
  };
  await runs.begin({
    runId,
    settings: withMaxAge(settings, offer.maxAgeMs),
    grouping,
    lists: [list],
    startedMs: offeredMs,
    seeding: 'open',
    checkpoint: FIRST_CHECKPOINT,
    cancelled: false,
    superseded: {},
  });
  return { kind: 'begun', runId };
}

/** Where nothing is remembered there is nothing to skip. */
function withMaxAge(settings: RunSettings, maxAgeMs: number | undefined): RunSettings {
  const { memory } = settings;
  if (memory === undefined || maxAgeMs === undefined) return settings;
  return { ...settings, memory: { ...memory, maxAgeMs } };
}

function runIdOf({ key, etag = '', offeredMs }: ListOffer): string {
  const time = new Date(offeredMs).toISOString().replace(/[-:]|\.\d+Z$/g, '');
  return `${time}-${hash('sha256', `${key}\n${etag}\n${offeredMs}`, 'hex').slice(0, 8)}`;
}

import * as z from 'zod';
import type { Grouping } from '../core/model/host-group.ts';
import { type HostOrders, MIN_ORDERED_RATE } from '../core/model/host-order.ts';
import type { Checkpoint, Run, SeedList } from '../core/model/run.ts';
import type { FinishSums, RunFinish } from '../core/model/run-finish.ts';
import type { Fields } from './fields.ts';
import { count, reasonCounts } from './reason-counts.ts';
import { pageDefaults, usualSettings } from './run-defaults.ts';
import { pageSettings, runSettings } from './run-settings.ts';

const { shape: usual } = usualSettings;

/** Settings as they are kept: runs that are older than a setting have what is usual today, but no rate. */
const keptSettings = runSettings.extend({
  maxPixels: usual.maxPixels,
  minWidth: usual.minWidth,
  minHeight: usual.minHeight,
  minBytes: usual.minBytes,
  maxTotalBytes: usual.maxTotalBytes,
  pages: pageSettings.extend({ maxChain: pageDefaults.shape.maxChain }).optional(),
  ratePerS: runSettings.shape.ratePerS.default(0),
  perAddress: usual.perAddress,
  purposes: usual.purposes,
});

const seedList = z.object({
  name: z.string(),
  location: z.string(),
  format: z.enum(['text', 'csv', 'jsonl', 'parquet', 'targets']),
  field: z.string().optional(),
  hashField: z.string().optional(),
  keep: z.array(z.string()).readonly().optional(),
  hookColumns: z.array(z.string()).readonly().optional(),
  gzip: z.boolean(),
  round: count,
} satisfies Fields<SeedList>);

const checkpoint = z.object({
  window: count,
  list: count,
  line: count,
  byte: count,
  tasks: count,
  targets: count,
  badLines: count,
  badSamples: z.array(z.string()),
  movedMs: z.number().optional(),
} satisfies Fields<Checkpoint>);

/** How hosts are put into groups. */
export const grouping = z.object({
  groups: z.int().min(1),
  hostShards: z.record(z.string(), z.int().min(1).max(100)),
} satisfies Fields<Grouping>);

/** What was ordered of hosts while a run was in progress. */
const hostOrders = z.record(
  z.string(),
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('stop') }),
    z.object({ kind: z.literal('slow'), ratePerS: z.number().min(MIN_ORDERED_RATE) }),
  ]),
) satisfies z.ZodType<HostOrders>;

const finish = z.object({
  by: z.string(),
  turn: z.int().min(0).default(0),
  movedMs: z.number(),
  sums: z
    .object({
      shards: count,
      images: count,
      rewritten: count,
      removed: count,
      tables: count,
    } satisfies Fields<FinishSums>)
    .optional(),
} satisfies Fields<RunFinish>);

/** The record of a run. */
export const runItem = z.object({
  runId: z.string(),
  startedMs: z.number(),
  settings: keptSettings,
  lists: z.array(seedList),
  seeding: z.enum(['open', 'finished']),
  checkpoint,
  cancelled: z.boolean(),
  hostOrders: hostOrders.optional(),
  deleting: z.boolean().optional(),
  removedShards: z.array(z.string()).readonly().optional(),
  workedMs: count.optional(),
  resumedMs: z.number().optional(),
  superseded: reasonCounts,
  grouping: grouping.optional(),
  windowSize: z.int().min(1).optional(),
  finish: finish.optional(),
} satisfies Fields<Run>);

/**
 * `npm run scale -- [--urls N …] [--workers N …] [--rate N] [--hosts N] [--zipf N] [--exact]`: how long
 * a list takes that no machine of ours could crawl, from the core in virtual time on models of AWS and
 * of the web. Prints the table of docs/scale.md; `--detail` what each run used besides.
 */
import { parseArgs } from 'node:util';
import { boundsOf } from './scale/bounds.ts';
import { type ScaleOptions, USUAL } from './scale/scale-options.ts';
import { SCALE_HEAD, scaleRow, timeOf } from './scale/scale-row.ts';
import { ScaleRun } from './scale/scale-run.ts';
import { usageOfRun } from './scale/usage-of-run.ts';

const { values } = parseArgs({
  options: {
    urls: { type: 'string', multiple: true, default: ['100000'] },
    workers: { type: 'string', multiple: true, default: ['16'] },
    hosts: { type: 'string' },
    zipf: { type: 'string', default: '1' },
    rate: { type: 'string', default: String(USUAL.ratePerS) },
    'per-host': { type: 'string', default: String(USUAL.perHost) },
    'seed-per-s': { type: 'string', default: String(USUAL.seedPerS) },
    'tasks-in-one': { type: 'string' },
    exact: { type: 'boolean', default: false },
    detail: { type: 'boolean', default: false },
  },
});

/** Most groups and URLs of a window that a deployment may have. */
const MOST_GROUPS = 10_000;
const MOST_WINDOW = 1_000_000;
/** URLs that a coarse model takes one by one: more make tasks that stand for many. */
const ONE_BY_ONE = 3_000_000;
/** Bundles under way at once that come to as much as the hosts of 256 requests, see docs/scale.md. */
const BUNDLES_IN_FLIGHT = 60;

function optionsOf(urls: number, workers: number): ScaleOptions {
  const groups = Math.min(MOST_GROUPS, 20 * workers);
  const asMany = 2 ** Math.max(0, Math.round(Math.log2(urls / ONE_BY_ONE)));
  return {
    ...USUAL,
    urls,
    workers,
    groups,
    hosts: Number(values.hosts ?? Math.min(1_000_000, urls / 10)),
    zipf: Number(values.zipf),
    ratePerS: Number(values.rate),
    perHost: Number(values['per-host']),
    seedPerS: Number(values['seed-per-s']),
    windowSize: Math.min(MOST_WINDOW, 100 * groups),
    detail: values.exact ? 'exact' : 'coarse',
    maxInFlight: values.exact ? USUAL.maxInFlight : BUNDLES_IN_FLIGHT,
    tasksInOne: values.exact ? 1 : Number(values['tasks-in-one'] ?? asMany),
  };
}

function tell(run: ScaleRun): void {
  const usage = Object.entries(usageOfRun(run)).map(([name, used]) => `${name} ${used.toFixed(2)}`);
  const bounds = boundsOf(run).map(({ name, ms }) => `${name} ${timeOf(ms)}`);
  const { bucket, queue, source, table } = run;
  console.log(`a million URLs used: ${usage.join(', ')}`);
  console.log(`bounds: ${bounds.join(', ')}; seeded after ${timeOf(run.seededMs ?? 0)}`);
  console.log(
    `held up: ${queue.calls.delayed} calls of SQS, ${bucket.delayed} of S3, ${JSON.stringify(table.delayed)} of DynamoDB with ${table.partitions} partitions; at most ${source.mostBusy} workers`,
  );
}

console.log(SCALE_HEAD);
for (const urls of values.urls.map(Number)) {
  for (const workers of values.workers.map(Number)) {
    const run = new ScaleRun(optionsOf(urls, workers));
    await run.run();
    console.log(scaleRow(run));
    if (values.detail) tell(run);
  }
}

import { parseUrl } from '../../core/model/canonical-url.ts';
import { isSaved, progressOf } from '../../core/model/progress.ts';
import type { SettledResult } from '../../core/model/result.ts';
import { urlDigest } from '../../core/model/url-digest.ts';
import { RUN_ID } from '../worker/records.ts';
import type { Simulation } from './simulation.ts';
import type { Verdict } from './verdict.ts';

/** The verdict on a run that is over. */
export function check(sim: Simulation): Verdict {
  const { site, ledger, endedEarly } = sim;
  const results = ledger.results.all(RUN_ID);
  const seeded = seededUrls(sim);
  const settled = new Set(results.map(({ url }) => url));
  return {
    seeded: seeded.size,
    settled: settled.size,
    endedEarly,
    lost: [...seeded].filter((url) => !settled.has(url)).length,
    unexpected: [...settled].filter((url) => !seeded.has(url)).length,
    settledTwice: ledger.results.writes(RUN_ID).length - settled.size,
    stillOpen: stillOpen(sim),
    fromTwoWorkers: site.fromTwoWorkers,
    tooSoon: site.tooSoon,
    wronglyDead: wronglyDead(sim, results),
    miscounted: miscounted(sim, results),
    withoutBytes: results.filter(({ file }) => file !== undefined && !isThere(sim, file)).length,
    falselyRemembered: falselyRemembered(sim, results),
  };
}

/** A cancelled run is seeded as far as it came, any other one whole. */
function seededUrls({ shape, given }: Simulation): ReadonlySet<string> {
  if (shape.cancelAfterMs !== undefined) return given;
  const lines = Object.values(shape.lists).flat();
  const parsed = lines.map((line) => parseUrl(typeof line === 'string' ? line : ''));
  const listed = parsed.flatMap((one) => (one.kind === 'url' ? one.url : []));
  return new Set([...listed, ...(shape.found ?? [])]);
}

function stillOpen({ ledger, currentRun, fifo, dead, deferrals }: Simulation): number {
  const open = ledger.tasks.all(RUN_ID).filter((task) => !task.done && isCounted(task)).length;
  const hasEnded =
    currentRun !== undefined && progressOf(currentRun, ledger.tasks.sumsNow(RUN_ID)).ended;
  return open + fifo.size + dead.size + deferrals.queue.size + (hasEnded ? 0 : 1);
}

/** A task that its maker did not come to register is none: what is in it is in another one. */
function isCounted({ registered, taskId }: { registered: boolean; taskId: string }): boolean {
  return registered || /^w\d+-[^~!]+$/.test(taskId);
}

function wronglyDead({ shape, site }: Simulation, results: readonly SettledResult[]): number {
  const poison = new Set(shape.poison);
  return results.filter(({ url, reason }) => {
    const shouldBe = poison.has(url) && (site.asked(url) > 0 || reason === 'dead-lettered');
    return shouldBe !== (reason === 'dead-lettered');
  }).length;
}

function isThere({ images }: Simulation, file: string): boolean {
  return images.read(file) !== undefined;
}

/** Entries of this run: each has to be of a result with the same bytes, or of what a page named. */
function falselyRemembered(sim: Simulation, results: readonly SettledResult[]): number {
  const kept = new Map(results.map((result) => [urlDigest(result.url), result]));
  const own = sim.ledger.memory.all().filter(({ pack }) => pack.head.runId === RUN_ID);
  return own.filter(({ entry: { digest, facts } }) => {
    const result = kept.get(digest);
    return result?.sha256 !== facts.sha256 || !isThere(sim, result?.file ?? '');
  }).length;
}

/** The differences between what the sums say and what the results are. */
function miscounted({ ledger, currentRun }: Simulation, results: readonly SettledResult[]): number {
  if (currentRun === undefined) return 1;
  const progress = progressOf(currentRun, ledger.tasks.sumsNow(RUN_ID));
  const count = (word: string) => results.filter(({ status }) => status === word).length;
  const loaded = results.filter((one) => !isSaved(one));
  const bytes = loaded.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
  const pairs = [
    [progress.targets, results.length],
    [progress.succeeded, count('succeeded')],
    [progress.failed, count('failed')],
    [progress.skipped, count('skipped')],
    [progress.bytes, bytes],
    ...Object.entries(progress.reasons).map(([name, sum]) => [
      sum,
      results.filter(({ reason }) => reason === name).length,
    ]),
  ];
  return pairs.filter(([said, is]) => said !== is).length;
}

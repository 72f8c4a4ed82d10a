import { hash } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import type { MemoryShardObjects } from '../../adapters/memory/memory-shard-objects.ts';
import { HEADER_BYTES, readHeader } from '../../adapters/shards/tar-member.ts';
import { tablePrefix } from '../../contract/bucket-keys.ts';
import { shardPrefix } from '../../contract/image-name.ts';
import { parseUrl } from '../../core/model/canonical-url.ts';
import { isSaved, progressOf } from '../../core/model/progress.ts';
import type { SettledResult } from '../../core/model/result.ts';
import { RUN_ID } from '../worker/records.ts';
import type { SimWorld } from './sim-world.ts';
import type { Verdict } from './verdict.ts';

/** The verdict on a run that is over; until it was tidied so many results were written. */
export function check(world: SimWorld, writes: number): Verdict {
  const { site, ledger, endedEarly } = world;
  const results = ledger.results.all(RUN_ID);
  const seeded = seededUrls(world);
  const settled = new Set(results.map(({ url }) => url));
  return {
    seeded: seeded.size,
    settled: settled.size,
    endedEarly,
    lost: [...seeded].filter((url) => !settled.has(url)).length,
    unexpected: [...settled].filter((url) => !seeded.has(url)).length,
    settledTwice: writes - settled.size,
    stillOpen: stillOpen(world),
    fromTwoWorkers: site.fromTwoWorkers,
    tooSoon: site.tooSoon,
    wronglyDead: wronglyDead(world, results),
    miscounted: miscounted(world, results),
    unreadable: unreadable(world, results),
    wronglyPublished: wronglyPublished(world, results),
    wronglyTabled: wronglyTabled(world, results),
    falselyRemembered: falselyRemembered(world, results),
  };
}

/** A cancelled run is seeded as far as it came, any other one whole. */
function seededUrls({ shape, given }: SimWorld): ReadonlySet<string> {
  if (shape.cancelAfterMs !== undefined) return given;
  const lines = Object.values(shape.lists).flat();
  const parsed = lines.map((line) => parseUrl(typeof line === 'string' ? line : ''));
  const listed = parsed.flatMap((one) => (one.kind === 'url' ? one.url : []));
  return new Set([...listed, ...(shape.found ?? [])]);
}

function stillOpen({ ledger, currentRun, fifo, dead, deferred }: SimWorld): number {
  const open = ledger.tasks.all(RUN_ID).filter((task) => !task.done && isCounted(task)).length;
  const hasEnded =
    currentRun !== undefined && progressOf(currentRun, ledger.tasks.sumsNow(RUN_ID)).ended;
  return open + fifo.size + dead.size + deferred.size + (hasEnded ? 0 : 1);
}

/** A task that its maker did not register does not count: its targets are in another one. */
function isCounted({ registered, taskId }: { registered: boolean; taskId: string }): boolean {
  return registered || /^w\d+-[^~!]+$/.test(taskId);
}

function wronglyDead({ shape, site }: SimWorld, results: readonly SettledResult[]): number {
  const poison = new Set(shape.poison);
  return results.filter(({ url, reason }) => {
    const shouldBe = poison.has(url) && (site.asked(url) > 0 || reason === 'dead-lettered');
    return shouldBe !== (reason === 'dead-lettered');
  }).length;
}

/** Images that a result refers to, or says it has, and whose bytes are not there. */
function unreadable(world: SimWorld, results: readonly SettledResult[]): number {
  return results.filter((result) => {
    const { status, sha256, file } = result;
    const isKept = file !== undefined || (status === 'succeeded' && sha256 !== undefined);
    return isKept && !isThere(world, result);
  }).length;
}

function isThere(world: SimWorld, result: SettledResult | undefined): boolean {
  const bytes = result && world.imageAt(result);
  return bytes !== undefined && hash('sha256', bytes, 'hex') === result?.sha256;
}

/** What a later run would take from memory of this one: the bytes of each picture have to be there. */
function falselyRemembered(world: SimWorld, results: readonly SettledResult[]): number {
  const marks = world.ledger.memory.all().filter(({ head }) => head.runId === RUN_ID);
  if (marks.length === 0) return 0;
  const remembered = results.filter(({ validity }) => validity !== undefined);
  const isOfImages = marks.every(({ head }) => head.root !== undefined);
  return isOfImages ? remembered.filter((result) => !isThere(world, result)).length : marks.length;
}

/** Images of the manifest that no result refers to, and those that a result refers to and it lacks. */
function wronglyPublished({ shards }: SimWorld, results: readonly SettledResult[]): number {
  const listed = membersOfManifest(shards);
  const kept = results.filter(({ offset }) => offset !== undefined);
  const wanted = new Set(kept.map(({ file, sha256 }) => `${basename(file ?? '')} ${sha256}`));
  const lacking = [...wanted].filter((one) => !listed.includes(one)).length;
  return lacking + listed.filter((one) => !wanted.has(one)).length;
}

/** Only runs with shards are finished here. */
function wronglyTabled({ shards, shape }: SimWorld, results: readonly SettledResult[]): number {
  if (shape.settings?.imageStorage !== 'shards') return 0;
  const rows = [...shards.below(tablePrefix(RUN_ID))].flatMap((bytes) =>
    Buffer.from(bytes).toString().split('\n'),
  );
  const wanted = new Set(results.map((result) => JSON.stringify(result)));
  return rows.filter((row) => !wanted.has(row)).length + Math.abs(rows.length - wanted.size);
}

function membersOfManifest(shards: MemoryShardObjects): readonly string[] {
  const folder = shards.uriOf(shardPrefix(RUN_ID));
  const manifest = shards.peek(`${folder}manifest.json`);
  if (manifest === undefined) return [];
  const { shardlist } = manifestSchema.parse(JSON.parse(Buffer.from(manifest).toString()));
  return shardlist.flatMap(({ url }) => {
    const bytes = Buffer.from(shards.peek(`${folder}${url}`) ?? []);
    return namesIn(bytes).map((name) => `${url} ${name.split('.')[0]}`);
  });
}

const manifestSchema = z.object({ shardlist: z.array(z.object({ url: z.string() })) });

function namesIn(tar: Buffer): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < tar.length; ) {
    const header = readHeader(tar.subarray(at, at + HEADER_BYTES));
    if (typeof header === 'string') break;
    names.push(header.name);
    at += HEADER_BYTES + header.size + header.padding;
  }
  return names;
}

/** The differences between what the sums say and what the results are. */
function miscounted({ ledger, currentRun }: SimWorld, results: readonly SettledResult[]): number {
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

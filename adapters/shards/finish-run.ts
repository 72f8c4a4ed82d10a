import { basename } from 'node:path/posix';
import { shardPrefix } from '../../contract/image-name.ts';
import type { EndedRun, FinishPorts } from './ended-run.ts';
import { moveResults } from './move-results.ts';
import { ReferencedMembers } from './referenced-members.ts';
import type { ListedShard } from './shard-shelf.ts';

/** What was done. */
export interface Finished {
  readonly shards: number;
  readonly images: number;
  /** Shards that held something that no result refers to, and were written anew. */
  readonly rewritten: number;
  readonly removed: number;
  /** Of the manifest; absent where the run has no shard. */
  readonly manifest?: string;
}

/** A shard of the manifest. */
interface PublishedShard {
  readonly url: string;
  readonly nsamples: number;
  readonly filesize: number;
}

interface Sorted {
  readonly whole: readonly PublishedShard[];
  /** Partly what no result refers to. */
  readonly partial: readonly ListedShard[];
  readonly dead: readonly ListedShard[];
}

/** Rewritten shards of one round: their results are in memory. */
const PER_ROUND = 32;

/**
 * Tidies the shards of a run: what a crash left in some of them, no result refers to. Such shards are
 * written anew without it, those that nothing refers to are removed, and a manifest is written that
 * lists what is left: from then on the places of the run's images do not change. Old shards stay where
 * results of other runs refer to them.
 *
 *     write the new shard ─ point the results to it ─ remove the old one ─ publish
 *
 * Interrupted, it is repeated.
 */
export async function finishRun(run: EndedRun, ports: FinishPorts): Promise<Finished> {
  let rewritten = 0;
  let removed = 0;
  for (;;) {
    const sorted = await sortShards(run, ports);
    if (sorted.partial.length === 0) {
      removed += await remove(sorted.dead, ports);
      return { ...(await publish(run, sorted, ports)), rewritten, removed };
    }
    const some = sorted.partial.slice(0, PER_ROUND);
    await moveResults(run, some, ports);
    removed += await remove(some, ports);
    rewritten += some.length;
  }
}

/** What another run took from them stays: gives how many were removed. */
async function remove(
  shards: readonly ListedShard[],
  { shelf, freeShards }: FinishPorts,
): Promise<number> {
  if (shards.length === 0) return 0;
  const free = await freeShards(shards.map(({ uri }) => uri));
  await shelf.remove(free);
  return free.length;
}

async function sortShards(
  { runId, results, graceMs }: EndedRun,
  { shelf, clock }: FinishPorts,
): Promise<Sorted> {
  const shards: ListedShard[] = [];
  for await (const shard of shelf.list(runId)) shards.push(shard);
  const numbers = new Map(shards.map(({ uri }, at) => [uri, at]));
  using members = new ReferencedMembers();
  for await (const { file = '', offset, length = 0 } of results()) {
    const shard = numbers.get(file);
    if (shard !== undefined && offset !== undefined) members.add({ shard, offset, length });
  }
  const whole: PublishedShard[] = [];
  const partial: ListedShard[] = [];
  const referenced = new Set<number>();
  for (const { shard: at, members: nsamples, bytes } of members.byShard()) {
    const shard = shards[at];
    referenced.add(at);
    if (shard === undefined) continue;
    if (bytes === shard.bytes) whole.push({ url: basename(shard.uri), nsamples, filesize: bytes });
    else partial.push(shard);
  }
  const oldMs = clock.now() - graceMs;
  const dead = shards.filter((one, at) => !referenced.has(at) && one.modifiedMs <= oldMs);
  return { whole, partial, dead };
}

async function publish(
  { runId }: EndedRun,
  { whole }: Sorted,
  { shelf }: FinishPorts,
): Promise<Pick<Finished, 'shards' | 'images' | 'manifest'>> {
  const images = whole.reduce((sum, { nsamples }) => sum + nsamples, 0);
  const done = { shards: whole.length, images };
  if (whole.length === 0) return done;
  // The form that WebDataset calls wids: other readers find the names of the shards in it, too.
  const index = { __kind__: 'wids-shard-index-v1', wids_version: 1, shardlist: whole };
  const key = `${shardPrefix(runId)}manifest.json`;
  const manifest = await shelf.write(key, Buffer.from(JSON.stringify(index)));
  return { ...done, manifest };
}

import { basename } from 'node:path/posix';
import type { FinishPlace } from '../../contract/finish-event.ts';
import { shardKey } from '../../contract/image-name.ts';
import { HEADER_BYTES, TAR_END } from '../shards/tar-member.ts';
import type { Finishing, StepEnd } from './ended-run.ts';
import { membersOf, type ShardMembers } from './members.ts';
import { mergedKeys } from './sorted-keys.ts';
import {
  type KnownShard,
  MOVES,
  type Move,
  PLAN,
  type PublishedShard,
  SHARDS,
  WorkFiles,
} from './work-files.ts';

/** What is known so far of what becomes of the shards. */
interface Plan {
  readonly whole: PublishedShard[];
  readonly moves: Move[];
  /** By number. */
  readonly referenced: Set<number>;
}

/**
 * Writes those shards again that are in part what no result refers to, without that part. Results still
 * refer to the old ones, which stay. From the shard with number `next` on: those before it are written.
 */
export async function rewrite(place: FinishPlace, finishing: Finishing): Promise<StepEnd> {
  const { run, by, ports, isLate } = finishing;
  const work = new WorkFiles(ports.shelf, run.runId, by);
  const shards = await work.read(SHARDS);
  const plan: Plan = { whole: [], moves: [], referenced: new Set() };
  for await (const members of referencedMembers(work, finishing)) {
    const shard = shards[members.shard];
    if (shard === undefined) continue;
    plan.referenced.add(members.shard);
    if (members.bytes === shard.bytes) plan.whole.push(published(shard.uri, members));
    else if (members.shard >= place.next) {
      plan.moves.push(await rewriteShard(shard, members, finishing));
      if (isLate()) return handOver(place, members.shard + 1, plan.moves, work);
    }
  }
  const moves = [...(await earlierMoves(work)), ...plan.moves];
  const { whole, referenced } = plan;
  await work.keep(PLAN, { whole, moves, dead: deadAmong(shards, referenced, finishing) });
  return { kind: 'next', place: { ...place, step: 'tables', next: 0 } };
}

async function* referencedMembers(
  work: WorkFiles,
  { ports: { shelf } }: Finishing,
): AsyncGenerator<ShardMembers> {
  const objects = await work.named('members-');
  const bins = Map.groupBy(objects, ({ uri }) => Number(basename(uri).split('-')[1]));
  for (const [bin, some] of [...bins].sort(([a], [b]) => a - b))
    yield* membersOf(bin, mergedKeys(shelf, some));
}

async function handOver(
  place: FinishPlace,
  next: number,
  moves: readonly Move[],
  work: WorkFiles,
): Promise<StepEnd> {
  await work.keep(MOVES, moves, next);
  return { kind: 'next', place: { ...place, next } };
}

/** Those that earlier invocations wrote. */
async function earlierMoves(work: WorkFiles): Promise<readonly Move[]> {
  const moves: Move[] = [];
  for (const { uri } of await work.named('moves-')) {
    const number = /-(\d+)\.json$/.exec(uri)?.[1];
    moves.push(...(await work.read(MOVES, Number(number))));
  }
  return moves;
}

/** The name follows from whoever finishes the run, so that a step that is repeated writes no second one. */
async function rewriteShard(
  { uri: from }: KnownShard,
  members: ShardMembers,
  { run, by, ports: { shelf } }: Finishing,
): Promise<Move> {
  const bytes = await shelf.read(from);
  const pieces: Uint8Array[] = [];
  const offsets: [number, number][] = [];
  let end = 0;
  for (const at of members.starts.keys()) {
    const [start, stop] = members.rangeOf(at);
    pieces.push(bytes.subarray(start, stop));
    offsets.push([start + HEADER_BYTES, end + HEADER_BYTES]);
    end += stop - start;
  }
  const name = `${by}-${members.shard}`;
  const to = await shelf.write(shardKey(run.runId, name), Buffer.concat([...pieces, TAR_END]));
  return { from, to, offsets, published: published(to, members) };
}

function published(uri: string, { starts, bytes }: ShardMembers): PublishedShard {
  return { url: basename(uri), nsamples: starts.length, filesize: bytes };
}

function deadAmong(
  shards: readonly KnownShard[],
  referenced: ReadonlySet<number>,
  { run: { graceMs }, ports: { clock } }: Finishing,
): readonly string[] {
  const oldMs = clock.now() - graceMs;
  const dead = shards.filter((shard, at) => !referenced.has(at) && shard.modifiedMs <= oldMs);
  return dead.map(({ uri }) => uri);
}

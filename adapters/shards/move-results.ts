import { memberName, shardKey } from '../../contract/image-name.ts';
import { portionsOf } from '../../core/model/portions.ts';
import type { SettledResult } from '../../core/model/result.ts';
import type { EndedRun, FinishPorts } from './ended-run.ts';
import type { ListedShard } from './shard-shelf.ts';
import { HEADER_BYTES, TAR_END, tarMember } from './tar-member.ts';

/**
 * Writes shards anew with what results refer to, and points the results there: of several results of
 * a URL the last one in the log of its group counts. The old shards stay.
 */
export async function moveResults(
  run: EndedRun,
  shards: readonly ListedShard[],
  ports: FinishPorts,
): Promise<void> {
  const old = new Set(shards.map(({ uri }) => uri));
  const found: SettledResult[] = [];
  for await (const result of run.results())
    if (result.offset !== undefined && old.has(result.file ?? '')) found.push(result);
  const moved: SettledResult[] = [];
  for (const [uri, results] of Map.groupBy(found, ({ file = '' }) => file))
    moved.push(...(await moveShard(uri, results, run, ports)));
  const groups = Map.groupBy(moved, ({ url }) => run.groupOf(url));
  for (const [group, results] of groups) await settle(run.runId, group, results, ports);
}

async function moveShard(
  uri: string,
  results: readonly SettledResult[],
  { runId }: EndedRun,
  { shelf, newName }: FinishPorts,
): Promise<readonly SettledResult[]> {
  const bytes = await shelf.read(uri);
  const pieces: Uint8Array[] = [];
  let end = 0;
  const moved: SettledResult[] = [];
  for (const same of Map.groupBy(results, ({ offset }) => offset).values()) {
    const [first] = same;
    const { offset: from = 0, length = 0 } = first ?? {};
    const member = tarMember(nameOf(first), bytes.subarray(from, from + length));
    const offset = end + HEADER_BYTES;
    pieces.push(member);
    end += member.byteLength;
    moved.push(...same.map((result) => ({ ...result, offset })));
  }
  const key = shardKey(runId, newName());
  const file = await shelf.write(key, Buffer.concat([...pieces, TAR_END]));
  return moved.map((result) => ({ ...result, file }));
}

/** What is stored may have been made of what came. */
function nameOf(result: SettledResult | undefined): string {
  const { sha256 = '', format = '', storedSha256 = sha256, storedFormat = format } = result ?? {};
  return memberName(storedSha256, storedFormat);
}

async function settle(
  runId: string,
  group: string,
  results: readonly SettledResult[],
  { ledger }: FinishPorts,
): Promise<void> {
  const { hold } = await ledger.enter(runId, group);
  const { packResults, writes } = ledger.limits;
  const packs = portionsOf(results, packResults).map((some, part) => {
    return { runId, group, hold, part, results: some };
  });
  for (const some of portionsOf(packs, writes)) await ledger.settle(some);
}

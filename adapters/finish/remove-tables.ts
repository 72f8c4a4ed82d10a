import { finishingPrefix, tablePrefix } from '../../contract/bucket-keys.ts';
import { manifestKey } from '../../contract/image-name.ts';
import type { Run } from '../../core/model/run.ts';
import type { ShardShelf } from '../shards/shard-shelf.ts';
import { listAll } from './work-files.ts';

/** Removes what finishing a run has made, but for its shards: tables, manifest, and what was kept on the way. */
export async function removeTables(shelf: ShardShelf, { runId }: Run): Promise<void> {
  const tables = await listAll(shelf, tablePrefix(runId));
  const kept = await listAll(shelf, finishingPrefix(runId));
  const uris = [...tables, ...kept].map(({ uri }) => uri);
  await shelf.remove([...uris, shelf.uriOf(manifestKey(runId))]);
}

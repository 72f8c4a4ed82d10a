import { tablePrefix } from '../../contract/bucket-keys.ts';
import type { FinishPlace } from '../../contract/finish-event.ts';
import { manifestKey } from '../../contract/image-name.ts';
import type { Finishing, StepEnd } from './ended-run.ts';
import { listAll, type PublishedShard, WorkFiles } from './work-files.ts';
import { tableKey } from './write-tables.ts';

/** Removes old shards, and tables of an earlier time; writes the manifest. */
export async function publish(place: FinishPlace, finishing: Finishing): Promise<StepEnd> {
  const { run, by, ports } = finishing;
  if (!(await finishing.isMine())) return { kind: 'stopped' };
  const work = new WorkFiles(ports.shelf, run.runId, by);
  const { whole, moves, dead } = await work.readPlan();
  const gone = [...moves.map(({ from }) => from), ...dead];
  const free = gone.length === 0 ? [] : await finishing.freeOf(gone);
  await ports.shelf.remove(free);
  if (ports.tables !== undefined) await removeOldTables(place, finishing);
  const shards = [...whole, ...moves.map(({ published }) => published)];
  const images = shards.reduce((sum, { nsamples }) => sum + nsamples, 0);
  const tables = place.tables.reduce((sum, count) => sum + count, 0);
  if (shards.length > 0) await writeManifest(shards, finishing);
  const sums = {
    shards: shards.length,
    images,
    rewritten: moves.length,
    removed: free.length,
    tables,
  };
  return { kind: 'finished', sums };
}

/** The form that WebDataset calls wids: other readers find the names of the shards in it, too. */
function writeManifest(
  shardlist: readonly PublishedShard[],
  { run, ports: { shelf } }: Finishing,
): Promise<string> {
  const index = { __kind__: 'wids-shard-index-v1', wids_version: 1, shardlist };
  return shelf.write(manifestKey(run.runId), Buffer.from(JSON.stringify(index)));
}

/** Of a run that was finished before, and had more of them. */
async function removeOldTables(place: FinishPlace, { run, ports }: Finishing): Promise<void> {
  const { shelf } = ports;
  const keys = place.tables.flatMap((count, portion) =>
    Array.from({ length: count }, (_, number) => tableKey(run.runId, portion, number)),
  );
  const own = new Set(keys.map((key) => shelf.uriOf(key)));
  const all = await listAll(shelf, tablePrefix(run.runId));
  await shelf.remove(all.map(({ uri }) => uri).filter((uri) => !own.has(uri)));
}

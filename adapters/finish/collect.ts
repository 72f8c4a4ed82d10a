import type { FinishPlace } from '../../contract/finish-event.ts';
import { shardPrefix } from '../../contract/image-name.ts';
import type { Finishing, StepEnd } from './ended-run.ts';
import { binOf, keyOf } from './members.ts';
import { portionsOfGroups } from './portions-of-groups.ts';
import { type KnownShard, listAll, SHARDS, WorkFiles } from './work-files.ts';

/** References that are gathered before they are sorted and written: 32 MB. */
const GATHERED = 4_000_000;

/** Collects which members of shards results refer to: sorted numbers, in objects of the bucket. */
export async function collect(place: FinishPlace, finishing: Finishing): Promise<StepEnd> {
  const { run, by, ports } = finishing;
  const work = new WorkFiles(ports.shelf, run.runId, by);
  const shards = place.next === 0 ? await begin(finishing, work) : await work.read(SHARDS);
  if (shards.length === 0) return next({ ...place, step: 'tables', next: 0 });
  const numbers = new Map(shards.map(({ uri }, at) => [uri, at]));
  const gathered = new Gathered(work);
  const portions = portionsOfGroups(run.groups);
  for (let at = place.next; at < portions.length; at += 1) {
    for (const group of portions[at] ?? []) await addGroup(group, finishing, numbers, gathered);
    const isFull = gathered.size >= GATHERED;
    if (isFull || finishing.isLate()) await gathered.write(at);
    if (finishing.isLate() && at + 1 < portions.length) return next({ ...place, next: at + 1 });
  }
  await gathered.write(portions.length);
  return next({ ...place, step: 'rewrite', next: 0 });
}

function next(place: FinishPlace): StepEnd {
  return { kind: 'next', place };
}

/** What is listed first is what the numbers of shards mean from now on. */
async function begin(
  { run, ports: { shelf } }: Finishing,
  work: WorkFiles,
): Promise<readonly KnownShard[]> {
  const all = await listAll(shelf, shardPrefix(run.runId));
  const shards = all.filter(({ uri }) => uri.endsWith('.tar'));
  if (shards.length > 0) await work.keep(SHARDS, shards);
  return shards;
}

async function addGroup(
  group: string,
  { run }: Finishing,
  numbers: ReadonlyMap<string, number>,
  gathered: Gathered,
): Promise<void> {
  for await (const line of run.linesOf(group)) {
    if (line.kind === 'left-out') continue;
    const { file = '', offset, length = 0 } = line.result;
    const shard = offset === undefined ? undefined : numbers.get(file);
    if (shard !== undefined && offset !== undefined) gathered.add({ shard, offset, length });
  }
}

/** References that are not written yet, by bin. */
class Gathered {
  readonly #work: WorkFiles;
  readonly #bins = new Map<number, number[]>();
  size = 0;

  constructor(work: WorkFiles) {
    this.#work = work;
  }

  add(reference: Parameters<typeof keyOf>[0]): void {
    const bin = binOf(reference);
    const keys = this.#bins.get(bin);
    if (keys === undefined) this.#bins.set(bin, [keyOf(reference)]);
    else keys.push(keyOf(reference));
    this.size += 1;
  }

  /** Names follow from the portion: a step that is repeated writes the same ones. */
  async write(portion: number): Promise<void> {
    for (const [bin, keys] of this.#bins)
      await this.#work.keepNumbers(`members-${bin}-${portion}`, Float64Array.from(keys).sort());
    this.#bins.clear();
    this.size = 0;
  }
}

import * as z from 'zod';
import { finishingPrefix } from '../../contract/bucket-keys.ts';
import type { ListedObject, ShardShelf } from '../shards/shard-shelf.ts';

const shard = z.object({ uri: z.string(), bytes: z.int(), modifiedMs: z.number() });
const published = z.object({ url: z.string(), nsamples: z.int(), filesize: z.int() });
const move = z.object({
  from: z.string(),
  to: z.string(),
  /** Pairs: where the content of a member begins in the old shard, and where in the new one. */
  offsets: z.array(z.tuple([z.int(), z.int()])).readonly(),
  published,
});

/** What one step leaves for the next one, and under which name. */
interface WorkFile<Schema extends z.ZodType> {
  readonly name: string;
  readonly schema: Schema;
}

/** The shards of the run when finishing began; their numbers are their places here. */
export const SHARDS = { name: 'shards', schema: z.array(shard).readonly() };
/** Some of the moves. */
export const MOVES = { name: 'moves', schema: z.array(move).readonly() };
const plan = z.object({
  whole: z.array(published).readonly(),
  moves: z.array(move).readonly(),
  dead: z.array(z.string()).readonly(),
});

/** What becomes of the shards. */
export const PLAN = { name: 'plan', schema: plan };

/** A shard of the manifest. */
export type PublishedShard = Readonly<z.output<typeof published>>;
/** A shard that is written again. */
export type Move = Readonly<z.output<typeof move>>;
/** What becomes of the shards. */
type Plan = Readonly<z.output<typeof plan>>;
/** A shard as it was when finishing began. */
export type KnownShard = Readonly<z.output<typeof shard>>;

/** All objects below a prefix. */
export async function listAll(shelf: ShardShelf, prefix: string): Promise<readonly ListedObject[]> {
  const all: ListedObject[] = [];
  for await (const object of shelf.list(prefix)) all.push(object);
  return all;
}

/** What the steps of finishing a run leave for each other, in the bucket. */
export class WorkFiles {
  readonly #shelf: ShardShelf;
  readonly #prefix: string;

  constructor(shelf: ShardShelf, runId: string, by: string) {
    this.#shelf = shelf;
    this.#prefix = `${finishingPrefix(runId)}${by}/`;
  }

  async keep<Schema extends z.ZodType>(
    { name }: WorkFile<Schema>,
    value: z.input<Schema>,
    number = 0,
  ): Promise<void> {
    await this.#shelf.write(this.#keyOf(name, number), Buffer.from(JSON.stringify(value)));
  }

  async read<Schema extends z.ZodType>(
    { name, schema }: WorkFile<Schema>,
    number = 0,
  ): Promise<z.output<Schema>> {
    const bytes = await this.#shelf.read(this.#shelf.uriOf(this.#keyOf(name, number)));
    return schema.parse(JSON.parse(Buffer.from(bytes).toString()));
  }

  /** What was planned for the shards; nothing for a run without any. */
  async readPlan(): Promise<Plan> {
    const planned = await this.named(`${PLAN.name}-`);
    return planned.length === 0 ? { whole: [], moves: [], dead: [] } : this.read(PLAN);
  }

  /** Sorted numbers. */
  async keepNumbers(name: string, numbers: Float64Array): Promise<void> {
    const { buffer, byteOffset, byteLength } = numbers;
    await this.#shelf.write(
      `${this.#prefix}${name}`,
      new Uint8Array(buffer, byteOffset, byteLength),
    );
  }

  /** All objects whose names begin so. */
  named(beginning: string): Promise<readonly ListedObject[]> {
    return listAll(this.#shelf, `${this.#prefix}${beginning}`);
  }

  #keyOf(name: string, number: number): string {
    return `${this.#prefix}${name}-${number}.json`;
  }
}

/** Removes what was left for the steps of all who finished a run. */
export async function clearWorkFiles(shelf: ShardShelf, runId: string): Promise<void> {
  const all = await listAll(shelf, finishingPrefix(runId));
  await shelf.remove(all.map(({ uri }) => uri));
}

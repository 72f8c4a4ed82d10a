import { imageKey, memberName, shardKey } from '../../contract/image-name.ts';
import type { Run } from '../../core/model/run.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type {
  EarlierImages,
  ImagePlace,
  ImageStore,
  KeptBytes,
  KeptPicture,
  StoredImage,
} from '../../core/ports/images.ts';
import { OpenShard } from './open-shard.ts';
import type { ShardObjects } from './shard-objects.ts';
import { memberBytes } from './tar-member.ts';

/** A shard is complete from so many bytes on: larger ones save next to nothing. */
const MAX_SHARD_BYTES = 64 * 1024 * 1024;
/**
 * Or when its first image is so old, in milliseconds. A request to write costs as much as 0.4 s of a
 * worker of 1 GB: one in four seconds adds a tenth to what the worker costs.
 */
const MAX_AGE_MS = 4000;
/**
 * Where a task waits for nothing else it is complete at this age, since the group waits with its task;
 * in a worker that has nothing else to do at once: to wait costs more than the request.
 */
const HURRIED_AGE_MS = 1000;
/** Others that are about to come may come along, in milliseconds. */
const HURRY_MS = 100;
/** Bytes that are in memory and not sent, over all runs. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;
/** Pictures remembered at most, the oldest forgotten first. */
const MAX_KNOWN = 20_000;

/** Dependencies of ShardImageStore. */
export interface ShardStorePorts {
  readonly objects: ShardObjects;
  readonly clock: Clock;
  /** A name that no other worker has: two shards of one name would lose the images of one. */
  readonly newName: () => string;
  /** Replaces the number of bytes from which on a part is sent. */
  readonly partBytes?: number;
}

interface Opened {
  readonly shard: OpenShard;
  readonly openedMs: number;
  /** Pictures in it, as they are remembered. */
  readonly pictures: string[];
  dueMs: number;
}

/**
 * Many images of a run in one tar file of the bucket. An image is safe when its file is complete, so
 * that its result may be settled only then; what a crash leaves behind nothing refers to.
 *
 * A shard has no name for a hash. Whether a picture is stored is known here for the newest ones of
 * this worker; those of earlier runs, by the results that memory was read from.
 */
export class ShardImageStore implements ImageStore, EarlierImages {
  readonly #ports: ShardStorePorts;
  readonly #open = new Map<string, Opened>();
  readonly #known = new Map<string, StoredImage>();
  #held = 0;
  #room = Promise.withResolvers<void>();

  constructor(ports: ShardStorePorts) {
    this.#ports = ports;
  }

  async put(run: Run, image: KeptBytes): Promise<StoredImage> {
    // When a run goes on that had ended, finishing may have moved its images.
    const begun = `${run.runId} ${run.lists.length} ${run.resumedMs ?? 0}`;
    const picture = `${begun} ${image.sha256}`;
    const size = memberBytes(image.bytes.byteLength);
    for (;;) {
      const known = this.#known.get(picture);
      if (known !== undefined) return known;
      if (this.#held === 0 || this.#held + size <= MAX_HELD_BYTES) break;
      await this.#room.promise;
    }
    this.#held += size;
    return this.#add(run, image, picture);
  }

  hurry({ runId }: Run, isIdle: boolean): void {
    const opened = this.#open.get(runId);
    if (opened === undefined) return;
    const soonMs = this.#ports.clock.now() + HURRY_MS;
    const agedMs = isIdle ? soonMs : opened.openedMs + HURRIED_AGE_MS;
    this.#dueAt(runId, opened, Math.max(soonMs, agedMs));
  }

  /** The bucket, as single objects name it: a run may take its pictures from wherever they are in it. */
  rootOf(): string {
    return this.#ports.objects.uriOf('').replace(/(?<!\/)\/$/, '');
  }

  holds(_run: Run, _picture: KeptPicture, root: string): boolean {
    return root === this.rootOf();
  }

  /** A shard that an earlier run's result refers to stays as long as any result does. */
  async adopt(run: Run, picture: KeptPicture, root: string): Promise<ImagePlace | undefined> {
    if (!this.holds(run, picture, root)) return undefined;
    const { part, sha256, format } = picture;
    return part ?? { file: this.#ports.objects.uriOf(imageKey(sha256, format)) };
  }

  #add({ runId }: Run, { bytes, sha256, format }: KeptBytes, picture: string): StoredImage {
    const opened = this.#open.get(runId) ?? this.#begin(runId);
    const { shard, pictures } = opened;
    const offset = shard.add(memberName(sha256, format), bytes);
    const file = this.#ports.objects.uriOf(shard.key);
    const stored = { file, offset, length: bytes.byteLength, kept: shard.kept };
    pictures.push(picture);
    this.#remember(picture, stored);
    if (shard.length >= MAX_SHARD_BYTES) this.#close(runId, opened);
    return stored;
  }

  #begin(runId: string): Opened {
    const { clock, newName } = this.#ports;
    const onSent = (bytes: number) => this.#free(bytes);
    const shard = new OpenShard(shardKey(runId, newName()), this.#ports, onSent);
    const openedMs = clock.now();
    const opened = { shard, openedMs, pictures: [], dueMs: Number.POSITIVE_INFINITY };
    this.#open.set(runId, opened);
    this.#dueAt(runId, opened, openedMs + MAX_AGE_MS);
    return opened;
  }

  #dueAt(runId: string, opened: Opened, atMs: number): void {
    if (opened.dueMs <= atMs) return;
    const { clock } = this.#ports;
    opened.dueMs = atMs;
    void clock.sleep(Math.max(0, atMs - clock.now())).then(() => this.#close(runId, opened));
  }

  #close(runId: string, opened: Opened): void {
    if (this.#open.get(runId) !== opened) return;
    this.#open.delete(runId);
    opened.shard.close();
    opened.shard.kept.catch(() => {
      for (const picture of opened.pictures) this.#known.delete(picture);
    });
  }

  #remember(picture: string, stored: StoredImage): void {
    this.#known.set(picture, stored);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }

  #free(bytes: number): void {
    // The end of a tar file belongs to no image and was never counted.
    this.#held = Math.max(0, this.#held - bytes);
    this.#room.resolve();
    this.#room = Promise.withResolvers<void>();
  }
}

import type { StreamObject } from '../../adapters/aws/open-image.ts';
import type { RunArchive } from '../../adapters/aws/run-archive.ts';
import type { ReadImage } from '../../adapters/datasets/read-images.ts';
import type { ListSource } from '../../adapters/seeds/list-source.ts';
import type { LocalBot } from '../../contract/bot-identity.ts';
import type { ProxySettings } from '../../contract/proxy.ts';
import type { Grouping } from '../../core/model/host-group.ts';
import type { Run } from '../../core/model/run.ts';
import type { FinishSums } from '../../core/model/run-finish.ts';
import type { HostLedger, TaskLedger } from '../../core/ports/ledger.ts';
import type { Seeder } from '../../core/ports/seeder.ts';
import type { TaskQueue } from '../../core/ports/task-queue.ts';
import type { FunctionEvent } from '../../local/local-stack.ts';
import type { Capacity } from '../options/capacity.ts';
import type { OpenPicture } from '../watch/picture-files.ts';

/** The runs of a deployment, for reading and for marks like a cancellation. */
export interface OpenArchive {
  readonly archive: RunArchive;
  /** What workers keep of hosts. */
  readonly hosts: Pick<HostLedger, 'read'>;
  /** Whether something works on runs: always in a deployed stack, here while a crawl runs. */
  readonly live: boolean;
  /** Whether something works on this run, as far as that can be known. */
  worksOn(runId: string): boolean;
  /** Days that runs are kept, from their start; 0 for ever. */
  readonly resultDays: number;
  /** `s3://` URI of the images where they go to a bucket. */
  readonly imagesUri?: string;
  /** The lists that the runs keep. */
  readonly lists: ListSource;
  readonly remover: RunRemover;
  /** Opens pictures of the bucket where images go to one. */
  readonly openPicture?: OpenPicture;
  /** Reads the images that a run kept. */
  imagesOf(run: Run): ReadImage;
  /** Finishes a run that has ended; undefined when it goes on, or somebody else finishes it. */
  finish(run: Run): Promise<FinishSums | undefined>;
  /** Reads objects of the bucket. */
  readonly streamObject: StreamObject;
  close(): Promise<void>;
}

/** Removes what runs left. All of it may be repeated. */
export interface RunRemover {
  /** Images, by their absolute paths or `s3://` URIs. */
  removeImages(places: Iterable<string>): Promise<void>;
  /** The copies of the lists that it was seeded from. */
  removeLists(run: Run): Promise<void>;
  /** The tables of its results in the bucket, and the manifest of its shards. */
  removeTables(run: Run): Promise<void>;
  /** All items of the table, the record of the run last. */
  removeItems(run: Run): Promise<void>;
}

/** A deployment that works. */
export interface Crawler {
  readonly archive: RunArchive;
  readonly hosts: Pick<HostLedger, 'read'>;
  /** Opens pictures of the bucket where images go to one. */
  readonly openPicture?: OpenPicture;
  readonly seeder: Seeder;
  readonly queue: TaskQueue;
  readonly tasks: TaskLedger;
  /** How it puts hosts into groups: each run that begins keeps it. */
  readonly grouping: Grouping;
  /** Ceiling of the estimated cost of a run that has none of its own, in US dollars. */
  readonly maxRunCost?: number;
  /** Whether its workers can work on images. */
  readonly imageWork: boolean;
  /** Keeps a list where the seeder can read it for as long as the run lives; gives its location. */
  keepList(path: string, runId: string, index: number): Promise<string>;
  /** Resolves when the next thing happens with which a run may end; only here that is known. */
  readonly nextEvent?: () => Promise<void>;
  /** Lets go; here it ends the stack, after at most `graceMs` for what runs. */
  close(graceMs: number): Promise<void>;
}

/** How a crawl is run on this machine; a deployed stack has its own settings. */
export interface RunnerOptions {
  readonly allowPrivate: boolean;
  readonly capacity?: Capacity;
  readonly proxies?: ProxySettings;
  /** Hooks are built again whenever their sources change. */
  readonly dev?: boolean;
  /** The identity that requests are signed with. */
  readonly bot?: LocalBot;
  readonly onNotice: (line: string) => void;
  /** Told what functions of this machine log that a person who watches a run wants to know. */
  readonly onEvent?: (event: FunctionEvent) => void;
}

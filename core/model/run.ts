import type { Grouping } from './host-group.ts';
import type { HostOrders } from './host-order.ts';
import type { ImageSettings } from './image-settings.ts';
import type { Reason } from './outcome.ts';
import type { Purpose } from './purpose.ts';
import type { RunFinish } from './run-finish.ts';

/** Which links of pages a run follows, and how far. */
export interface PageSettings {
  /** Links followed from a page of the list. */
  readonly depth: number;
  /** Pages that are followed: of the same host, of the same registrable domain, or any. */
  readonly scope: Scope;
  /** Images that are taken, relative to the page they are on. */
  readonly imageScope: Scope;
  /** Patterns of pages and images, one of which has to match; none: all. */
  readonly include: readonly string[];
  /** Patterns of pages and images of which none may match. */
  readonly exclude: readonly string[];
  /** Most pages, those of the list counted. */
  readonly maxPages: number;
  /** Most links in a row between pages whose addresses differ in numbers only, `rel=next` not counted. */
  readonly maxChain: number;
  /** Of an image that comes in several sizes only the largest. */
  readonly best: boolean;
  /** Whether sitemaps that robots.txt names, or the usual one, are read. */
  readonly sitemaps: boolean;
}

/** How far away from a page its links may lead. */
export type Scope = 'host' | 'domain' | 'any';

/** One header field that a run sends with its requests. */
export interface RequestHeader {
  /** The authority that it is for, or `*.` and a name for all below it; absent: every host. */
  readonly host?: string;
  readonly name: string;
  /** Perhaps a secret: never to be shown. */
  readonly value: string;
}

/** What `Referer` tells: the page that named the target, the target's own site, or nothing. */
export type RefererMode = 'page' | 'site' | 'none';

/** Which data set a run is written as when it has ended. */
export interface OutputSettings {
  readonly format?: 'files' | 'webdataset' | 'warc';
  /** A table of all results besides. */
  readonly table?: 'jsonl' | 'csv' | 'parquet';
  /** Column of the list, or `alt` or `title`, that is the text of an image. */
  readonly caption?: string;
  /** Images of a shard. */
  readonly shardSize: number;
  /** `sha256`, `url` or a template. */
  readonly names: string;
  /** Whether `croissant.json` describes it. */
  readonly croissant: boolean;
}

/** Which of the URLs that earlier runs kept are asked for again. */
export interface MemorySettings {
  /** Days that what is kept is remembered. */
  readonly days: number;
  /** What its sites do not call fresh any more, all of them, or none. */
  readonly ask: 'stale' | 'all' | 'new';
  /** With `stale`: what was seen within this time is fresh, and nothing else, in milliseconds. */
  readonly maxAgeMs?: number;
}

/** How a run visits its targets. Chosen when it starts, the same for its whole life. */
export interface RunSettings {
  /** Tries for a target whose reason may pass. */
  readonly attempts: number;
  /** Limit for one attempt, redirects included, in milliseconds. */
  readonly timeoutMs: number;
  /** Limit for a body, on the wire and decoded. */
  readonly maxBytes: number;
  /** Limit for width times height of an image: what a decoder of it must have room for. */
  readonly maxPixels: number;
  /** Narrower images are left out, by the width that results have; 0 for no limit. */
  readonly minWidth: number;
  /** Lower images are left out, by the height that results have; 0 for no limit. */
  readonly minHeight: number;
  /** Images of fewer bytes, decoded, are left out; 0 for no limit. */
  readonly minBytes: number;
  /** Images whose longer side is more times their shorter one are left out; 0 or absent for no limit. */
  readonly maxAspect?: number;
  /** Images of other formats are left out; absent for all. */
  readonly formats?: readonly string[];
  /** What is done with pixels and metadata; absent: nothing, and images are stored as they come. */
  readonly imageWork?: ImageSettings;
  /** Connections to a host at once. */
  readonly perHost: number;
  /** Least time between two requests to a host, in milliseconds. */
  readonly delayMs: number;
  /** Most requests per second to a host at a public address; 0 for no limit. */
  readonly ratePerS: number;
  /** Hosts at one address share that rate. */
  readonly perAddress: boolean;
  /** Redirects followed for one target. */
  readonly maxRedirects: number;
  readonly userAgent: string;
  /** `page` when absent. */
  readonly referer?: RefererMode;
  /** Sent besides what every request has. */
  readonly headers?: readonly RequestHeader[];
  /** The owner of the sites said that robots.txt need not be asked. */
  readonly ignoreRobots: boolean;
  /** What its images are for: one that is reserved for any of these is not kept. */
  readonly purposes: readonly Purpose[];
  /** Each host is asked for its tdmrep.json, where a purpose is one that it can reserve. */
  readonly tdmRep?: boolean;
  /** Longest pause between two requests that a robots.txt may ask for, in milliseconds; 30 s when absent. */
  readonly maxCrawlDelayMs?: number;
  /** URLs with a signature or token in them are visited, too. */
  readonly credentialUrls?: boolean;
  /** Most targets to seed or, with pages, to visit; 0 for no limit. */
  readonly maxUrls: number;
  /** Bytes after which nothing more is asked for; 0 for no limit. */
  readonly maxTotalBytes: number;
  /** Estimated cost in US dollars at which the run stops, to be resumed; 0 or absent for no ceiling. */
  readonly maxCost?: number;
  /** Memory across runs; absent: the run neither uses nor extends it. */
  readonly memory?: MemorySettings;
  /** The URLs of its lists are pages: images are looked for in them, links are followed. */
  readonly pages?: PageSettings;
  /**
   * The person who started the run allowed addresses that are not public, on that machine. A record
   * for the command, which asks for the same when the run is resumed: no worker takes it from here.
   */
  readonly allowPrivate?: boolean;
  /** Folder for images, absolute, where images are files; unused where they go to a bucket. */
  readonly imagesFolder?: string;
  /** For the command, which writes it at the end, also when the run was resumed. */
  readonly output?: OutputSettings;
  /**
   * What an archive of the web needs is kept: the heads of requests and answers with the results,
   * and pages in the store of images.
   */
  readonly archive?: boolean;
  /** How its images are put into a bucket; that of the stack when absent. */
  readonly imageStorage?: ImageStorage;
}

/** Each image as an object of its own, or many in one: a tar file. */
export type ImageStorage = 'objects' | 'shards';

/** A list of URLs, kept where the seeder can read it. */
export interface SeedList {
  /** As the person named it, for messages. */
  readonly name: string;
  /** `s3://bucket/key` or `file:///path`. */
  readonly location: string;
  /** `targets`: lines of JSON that we wrote, with what is known of each target besides its URL. */
  readonly format: 'text' | 'csv' | 'jsonl' | 'parquet' | 'targets';
  /** Column of a table or field of a JSON line that holds the URL. */
  readonly field?: string;
  /** Column or field that holds the SHA-256 or MD5 of the image. */
  readonly hashField?: string;
  /** Columns or fields that go with each row into the results; `*` for all. Absent: none, and no rows. */
  readonly keep?: readonly string[];
  /** Columns or fields that hooks are given, those of them that it has; `*` for all. Absent: none. */
  readonly hookColumns?: readonly string[];
  readonly gzip: boolean;
  /** 0 for the first seeding, one more for each `crawl retry`. */
  readonly round: number;
}

/** How far seeding has come: everything before is sent, nothing after. */
export interface Checkpoint {
  /** Windows finished. */
  readonly window: number;
  /** Index of the list to go on with. */
  readonly list: number;
  /** Lines of that list already read. */
  readonly line: number;
  /** Bytes of that list already read, before decompression is asked for. */
  readonly byte: number;
  /** Tasks sent so far. */
  readonly tasks: number;
  /** Targets in them. */
  readonly targets: number;
  readonly badLines: number;
  /** The first few, as `name:line: problem`. */
  readonly badSamples: readonly string[];
  /** When it moved last, in milliseconds since 1970: a seeder that is at work moves it. */
  readonly movedMs?: number;
}

/** Where seeding starts. */
export const FIRST_CHECKPOINT: Checkpoint = {
  window: 0,
  list: 0,
  line: 0,
  byte: 0,
  tasks: 0,
  targets: 0,
  badLines: 0,
  badSamples: [],
};

/** One crawl. */
export interface Run {
  /** Sortable by time. */
  readonly runId: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly settings: RunSettings;
  readonly lists: readonly SeedList[];
  readonly seeding: 'open' | 'finished';
  readonly checkpoint: Checkpoint;
  readonly cancelled: boolean;
  /** What was ordered of hosts since it began (`crawl slow`, `crawl stop`). */
  readonly hostOrders?: HostOrders;
  /** It is being deleted: its images may be gone. */
  readonly deleting?: boolean;
  /** Names of its shards that were removed when it was finished, or are about to be. */
  readonly removedShards?: readonly string[];
  /** Time worked before the run was resumed last, in milliseconds. */
  readonly workedMs?: number;
  /** When it was resumed last, in milliseconds since 1970. */
  readonly resumedMs?: number;
  /** Results that a later round replaces, by reason: to be taken off the sums. */
  readonly superseded: Readonly<Partial<Record<Reason, number>>>;
  /**
   * That of its deployment when it began: results lie by group. Absent in runs of versions that kept
   * each result as an item, see `groupingOf`.
   */
  readonly grouping?: Grouping;
  /** URLs of a window of its seeding, from the first one on: ids of tasks follow from it. */
  readonly windowSize?: number;
  /** How far it is finished; absent before, and when it goes on. */
  readonly finish?: RunFinish;
}

import type { Reason, Status } from '../core/model/outcome.ts';

/** Where the crawler's own metrics are in CloudWatch. */
export const NAMESPACE = 'ImageCrawler';

/** Every metric carries it: the name of the stack, so that several in one account stay apart. */
export const STACK_DIMENSION = 'service';

/** The functions of the crawler, by their folders. */
export const FUNCTION_NAMES = ['seeder', 'worker', 'deferral', 'dead-letter', 'finisher'] as const;

/** One of them. */
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** How a message of a task left its worker. */
export type End = 'done' | 'suspended' | 'broken' | 'poison';

/** What each dimension can be. */
export interface DimensionValues {
  readonly Status: Status;
  readonly Reason: Reason;
  readonly End: End;
  readonly Function: FunctionName;
}

type Dimension = keyof DimensionValues;

/** A unit in CloudWatch's words; money has none. */
type Unit = 'Count' | 'Bytes' | 'Milliseconds' | 'None';

interface Metric {
  readonly unit: Unit;
  /** What it is told by, each alone, besides the stack; nothing when it is told for the stack only. */
  readonly by: readonly Dimension[];
  /** One line for people. */
  readonly about: string;
}

/** Every metric that functions write: names, units and dimensions are said here and nowhere else. */
export const METRICS = {
  TargetsSettled: {
    unit: 'Count',
    by: ['Status', 'Reason'],
    about: 'targets that came to their end, by status and, where they did not succeed, by reason',
  },
  BytesKept: { unit: 'Bytes', by: [], about: 'bytes of the images that were kept' },
  ImagesUnchanged: {
    unit: 'Count',
    by: [],
    about: 'images that earlier runs had kept: their sites said so, or sent the same bytes',
  },
  BytesSaved: {
    unit: 'Bytes',
    by: [],
    about: 'bytes that were not downloaded, since earlier runs had kept them',
  },
  FetchTime: {
    unit: 'Milliseconds',
    by: [],
    about: 'time of the last attempt at each asked target',
  },
  TasksEnded: { unit: 'Count', by: ['End'], about: 'deliveries of tasks, by how they ended' },
  Retries: { unit: 'Count', by: [], about: 'attempts that failed and are to be made again' },
  TargetsDeferred: {
    unit: 'Count',
    by: [],
    about: 'targets that left their task to come back later',
  },
  RobotsRefusals: { unit: 'Count', by: [], about: 'targets that their sites do not want crawled' },
  HostsBackedOff: { unit: 'Count', by: [], about: 'times that a host began to be paused' },
  DeferredTasks: {
    unit: 'Count',
    by: [],
    about: 'deferred tasks that went back to their groups',
  },
  DeadTasks: { unit: 'Count', by: [], about: 'tasks that came to the dead-letter function' },
  DeadLetters: { unit: 'Count', by: [], about: 'targets and messages that were given up there' },
  ColdStarts: { unit: 'Count', by: ['Function'], about: 'execution environments that began' },
  EstimatedCost: { unit: 'None', by: [], about: 'US dollars, by the table of prices' },
} as const satisfies Readonly<Record<string, Metric>>;

/** The name of a metric that functions write. */
export type MetricName = keyof typeof METRICS;

type DimensionOf<Name extends MetricName> = (typeof METRICS)[Name]['by'][number];

/** What tells one series of a metric from its others: one of its dimensions, or nothing. */
export type SeriesOf<Name extends MetricName> = [DimensionOf<Name>] extends [never]
  ? Readonly<Record<string, never>>
  : { [D in DimensionOf<Name>]: Readonly<Pick<DimensionValues, D>> }[DimensionOf<Name>];

/** What a line of metrics says beside them, so that the log can be asked for one run. */
export const RUN_PROPERTY = 'runId';

/** Reasons for which a site's own word kept a target out. */
export const ROBOTS_REASONS: ReadonlySet<Reason | null> = new Set<Reason>([
  ...(['robots-disallowed', 'robots-unreachable', 'crawl-delay-too-long', 'opted-out'] as const),
]);

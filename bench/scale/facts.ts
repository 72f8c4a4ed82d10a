/**
 * What AWS says of its services, where the model follows it. Read on 2026-11-28; pages below
 * docs.aws.amazon.com unless another host is named.
 */

/** AWSSimpleQueueService/latest/SQSDeveloperGuide: a FIFO queue. */
export const SQS = {
  /** best-practices, "avoid-backlog-with-the-same-message-group-id": messages looked through for groups. */
  scanned: 120_000,
  /** quotas-messages: most of one receive, and of one batch. */
  batch: 10,
  /** high-throughput-fifo, quotas-messages: calls a second of each action in one partition. */
  callsPerPartition: 300,
  /** quotas-messages: calls a second of each action in us-east-1, with high throughput. */
  callsPerRegion: 70_000,
  /** using-messagededuplicationid-property: how long an id is remembered, in milliseconds. */
  deduplicationMs: 5 * 60_000,
} as const;

/** lambda/latest/dg/services-sqs-scaling: the event source of a queue. */
export const EVENT_SOURCE = {
  /** Invocations that it begins with. */
  first: 5,
  /** Invocations more in a minute. */
  morePerMinute: 300,
  /** gettingstarted-limits: concurrent executions of an account, unless it asks for more. */
  account: 1000,
} as const;

/** amazondynamodb/latest/developerguide. */
export const DYNAMODB = {
  /** bp-partition-key-design: units a second of one partition. */
  writesPerPartition: 1000,
  readsPerPartition: 3000,
  /** burst-adaptive-capacity: seconds of unused capacity that a partition keeps. */
  burstS: 300,
  /** warm-throughput-scenarios: 4,000 write units a second of a new table on demand are four partitions. */
  firstPartitions: 4,
  /** on-demand-capacity-mode: the peak may double within this time, in milliseconds. */
  doublingMs: 30 * 60_000,
  /** ServiceQuotas: units a second of one table. */
  writesPerTable: 40_000,
  readsPerTable: 40_000,
} as const;

/** AmazonS3/latest/userguide/optimizing-performance: requests a second of one prefix. */
export const S3 = { putsPerPrefix: 3500, getsPerPrefix: 5500 } as const;

/** lambda/latest/dg/configuration-memory: MB that make one processor. */
export const MB_PER_CPU = 1769;

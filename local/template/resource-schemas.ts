import * as z from 'zod';
import { eventPattern } from './event-pattern.ts';
import { UnsupportedTemplateError } from './template.ts';

/** Properties of the resources that are built here. Strict: a property nobody reads is an error. */
const text = z.string().min(1);
/** Kept by AWS, without a counterpart on this machine. */
const ignored = z.unknown().optional();
/** Of everything: what a bill is split by. */
const Tags = ignored;

export const queueProperties = z.strictObject({
  Tags,
  /** These three are absent in a standard queue. */
  FifoQueue: z.literal(true).optional(),
  DeduplicationScope: text.optional(),
  FifoThroughputLimit: text.optional(),
  MessageRetentionPeriod: z.int(),
  VisibilityTimeout: z.int(),
  // Who encrypts what is kept makes no difference to what it is.
  SqsManagedSseEnabled: ignored,
  KmsMasterKeyId: ignored,
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: text, maxReceiveCount: z.int() }).optional(),
});

export const tableProperties = z.strictObject({
  Tags,
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: text, AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: z.array(z.strictObject({ AttributeName: text, KeyType: z.enum(['HASH', 'RANGE']) })),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  PointInTimeRecoverySpecification: ignored,
  TimeToLiveSpecification: ignored,
  SSESpecification: ignored,
});

export const bucketProperties = z.strictObject({
  Tags,
  BucketEncryption: ignored,
  LifecycleConfiguration: ignored,
  LoggingConfiguration: ignored,
  PublicAccessBlockConfiguration: ignored,
  OwnershipControls: ignored,
  NotificationConfiguration: z
    .strictObject({
      EventBridgeConfiguration: z.strictObject({ EventBridgeEnabled: z.literal(true) }),
    })
    .optional(),
});

export const functionProperties = z.strictObject({
  Tags,
  Handler: text,
  MemorySize: z.int(),
  Timeout: z.int(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }),
  Runtime: z.literal('nodejs24.x'),
  Architectures: ignored,
  Code: z.strictObject({ S3Bucket: ignored, S3Key: text }),
  LoggingConfig: ignored,
  // This machine is in the network that it is in.
  VpcConfig: ignored,
  // Nobody else is on this machine.
  ReservedConcurrentExecutions: ignored,
  RecursiveLoop: z.literal('Allow'),
  TracingConfig: ignored,
  Role: text,
});

export const eventSourceProperties = z.strictObject({
  Tags,
  EventSourceArn: text,
  FunctionName: text,
  BatchSize: z.int(),
  FunctionResponseTypes: z.tuple([z.literal('ReportBatchItemFailures')]),
  /** False where something else works the queue. */
  Enabled: z.boolean().default(true),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.int() }),
});

const ruleTarget = z.strictObject({
  Id: text,
  Arn: text,
  Input: ignored,
  InputTransformer: ignored,
});

export const ruleProperties = z.strictObject({
  Tags,
  Description: ignored,
  State: z.literal('ENABLED'),
  EventPattern: eventPattern.optional(),
  /** A local stack lives as long as a run of it: nothing is started by the clock. */
  ScheduleExpression: text.optional(),
  Targets: z.array(ruleTarget),
});

/** Lets EventBridge invoke a function, for a rule. */
export const permissionProperties = z.strictObject({
  Action: z.literal('lambda:InvokeFunction'),
  FunctionName: text,
  Principal: z.literal('events.amazonaws.com'),
  SourceArn: text,
});

/**
 * Properties as their schema has them. @throws UnsupportedTemplateError, naming each that is not,
 * and the file that the schema is in.
 */
export function readProperties<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  id: string,
  file = 'local/template/resource-schemas.ts',
): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new UnsupportedTemplateError(
    `properties of ${id}:\n${z.prettifyError(parsed.error)}`,
    `Their schema is in ${file}: add the property there, as \`ignored\` if it changes nothing on this machine.`,
  );
}

/** What is read of a queue. */
export type QueueProperties = z.output<typeof queueProperties>;
/** What is read of a table. */
export type TableProperties = z.output<typeof tableProperties>;

import { z } from 'zod';
import { botForm, botOrigin } from '../contract/bot-identity.ts';
import { proxyUrl } from '../contract/proxy.ts';
import { runDefaults } from '../contract/run-defaults.ts';
import { imageStorage } from '../contract/run-settings.ts';
import { costSettings } from './cost-settings.ts';
import {
  certificateArn,
  hostName,
  keyArn,
  packageName,
  scheduledList,
  secretId,
  stackName,
  tagValue,
  whole,
} from './setting-types.ts';
import { workerSettings } from './worker-settings.ts';

/** Lambda keeps at most 4 KB of environment; lists of hosts may take so much of it, in bytes. */
const MAX_HOST_BYTES = 2500;
/** Likewise the names of columns that are kept, in the function that has no lists of hosts. */
const MAX_KEEP_BYTES = 1500;

/**
 * What an owner may choose for a deployment, in cdk.json under `crawler` or as `-c crawler.NAME=…`.
 * The descriptions are the text of docs/settings.md.
 */
export const settingsSchema = z
  .strictObject({
    stackName: stackName
      .default('ImageCrawler')
      .describe('Name of the stack: another name is another crawler beside it.'),
    tags: z
      .record(z.string().min(1).max(128), tagValue)
      .default({})
      .describe('Tags of everything in the stack, by their names.'),
    removalPolicy: z
      .enum(['retain', 'destroy'])
      .default('retain')
      .describe(
        'Whether table, buckets and key stay when the stack is destroyed. A bucket goes only when it is empty.',
      ),
    encryptionKey: z
      .union([z.enum(['aws', 'own']), keyArn])
      .default('aws')
      .describe(
        'Who encrypts table, bucket and queues: `aws` (its keys), `own` (a key of the stack), or the ARN of a key.',
      ),
    vpc: z
      .strictObject({
        subnetIds: z.array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'expected subnet-…')).min(1),
        securityGroupIds: z.array(z.string().regex(/^sg-[0-9a-f]{8,17}$/, 'expected sg-…')).min(1),
      })
      .nullable()
      .default(null)
      .describe(
        '`subnetIds` and `securityGroupIds` of a VPC for the functions: they need a way from there to the internet and to AWS.',
      ),
    logRetentionDays: z
      .literal([1, 3, 5, 7, 14, 30, 60, 90, 180, 365])
      .default(30)
      .describe('Days that logs are kept.'),
    imageStorage: imageStorage
      .default('shards')
      .describe(
        'How images are put into the bucket: `shards`, many in one tar file, or `objects`, each by itself.',
      ),
    ...costSettings,
    pointInTimeRecovery: z
      .boolean()
      .default(true)
      .describe('Whether the table can be restored to any second of the last 35 days.'),
    groups: whole(1, 10_000)
      .default(32)
      .describe(
        'Host groups: each is worked by one worker at a time. More groups let more workers work side by side; fewer fill tasks better.',
      ),
    hostShards: z
      .record(z.string(), whole(1, 100))
      .default({})
      .describe('Host to number of groups, for an owner who wants more than one worker on a host.'),
    ...workerSettings,
    batchSize: whole(1, 10)
      .default(10)
      .describe('Tasks that a worker is started with at most; it receives further ones itself.'),
    maxReceiveCount: whole(4, 100)
      .default(5)
      .describe('Deliveries of a task before it is held dead.'),
    windowSize: whole(100, 1_000_000)
      .default(50_000)
      .describe(
        'URLs the seeder reads before it moves its checkpoint: the reach of deduplication.',
      ),
    maxBodyBytes: whole(1000, 500_000_000)
      .default(500_000_000)
      .describe('Most bytes of an image, whatever a run asks for.'),
    maxListBytes: whole(1, 5_000_000_000)
      .default(5_000_000_000)
      .describe('Most bytes of a list that is dropped or scheduled.'),
    allowedHosts: z
      .array(hostName)
      .default([])
      .describe('Hosts that may be asked, each with all below it; none for every host.'),
    deniedHosts: z
      .array(hostName)
      .default([])
      .describe('Hosts that may not be asked, each with all below it, not even after a redirect.'),
    debugSampleRate: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe('Share of the invocations that write a debug line for each target; from 0 to 1.'),
    tracing: z.boolean().default(false).describe('Whether AWS X-Ray traces the functions.'),
    alarmEmail: z
      .email()
      .nullable()
      .default(null)
      .describe('Address that is told of alarms; it is asked once whether it wants that.'),
    oldestTaskAlarmHours: whole(1, 336)
      .default(24)
      .describe('Hours that a task may wait before an alarm says so; SQS keeps it for 14 days.'),
    failureAlarmPercent: whole(1, 99)
      .default(50)
      .describe('Share of failed targets above which an alarm says so, in percent.'),
    noProgressAlarmMinutes: whole(10, 720)
      .multipleOf(5)
      .default(30)
      .describe('Minutes in which tasks wait and nothing is settled before an alarm says so.'),
    runbookUrl: z
      .string()
      .min(1)
      .max(300)
      .default('docs/runbook.md')
      .describe('Where docs/runbook.md can be read: each alarm links to its part of it.'),
    allowPrivateAddresses: z
      .boolean()
      .default(false)
      .describe('Whether addresses that are not public may be fetched.'),
    proxy: proxyUrl
      .nullable()
      .default(null)
      .describe(
        'URL of an HTTP proxy through which sites are asked; the functions need a way to it, as in a `vpc`.',
      ),
    webBotAuth: z
      .strictObject({ secret: secretId, origin: botOrigin, form: botForm.default('dictionary') })
      .nullable()
      .default(null)
      .describe(
        'How requests are signed: `secret` holds the key, `origin` serves its directory, `form` is `dictionary` or `string`.',
      ),
    botSite: z
      .strictObject({ domain: hostName, certificate: certificateArn })
      .nullable()
      .default(null)
      .describe(
        'Serves the files of `crawl bot init` from a bucket behind CloudFront at a `domain`, with a `certificate` of ACM in us-east-1.',
      ),
    imageWork: z
      .boolean()
      .default(false)
      .describe(
        'Whether workers can resize, encode and hash images: `sharp` is part of their asset then, 20 MB.',
      ),
    workerPackages: z
      .array(packageName)
      .max(50)
      .default([])
      .describe(
        'Packages of package.json that the hooks import and that are not bundled, as native ones cannot be.',
      ),
    packagesFor: z
      .enum(['lambda', 'host'])
      .default('lambda')
      .describe('Machine that those packages are for; the local runner sets `host`.'),
    runDefaults: runDefaults.describe(
      'How runs of dropped and scheduled lists visit their targets, with the names and limits of `crawl run`.',
    ),
    listField: z
      .string()
      .min(1)
      .default('url')
      .describe(
        'Column of a table, or field of JSON, that holds the URL in such lists; `url` need not be there.',
      ),
    listKeep: z
      .array(z.string().min(1).max(200))
      .max(20)
      .refine((names) => JSON.stringify(names).length <= MAX_KEEP_BYTES, 'names are too long')
      .default([])
      .describe(
        'Columns or fields of such lists that go with each row into the results; `*` for all of them.',
      ),
    listHashField: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Column or field of such lists with the SHA-256 or MD5 of each image.'),
    schedules: z
      .array(scheduledList)
      .max(50)
      .default([])
      .describe(
        'Lists of `lists/` that are crawled again and again: `list` is the key, `every` rate(…) or cron(…), `maxAgeHours` as `--since`.',
      ),
  })
  .refine(({ allowedHosts, deniedHosts }) => hostBytes(allowedHosts, deniedHosts), {
    path: ['allowedHosts'],
    error: `with deniedHosts longer than ${MAX_HOST_BYTES} bytes, which is what functions have room for`,
  })
  .refine(bundleAlone, {
    path: ['fleet'],
    error: 'containers run the bundle alone: they have neither imageWork nor workerPackages',
  });

function bundleAlone({
  fleet,
  imageWork,
  workerPackages,
}: {
  readonly fleet: unknown;
  readonly imageWork: boolean;
  readonly workerPackages: readonly string[];
}): boolean {
  return fleet === null || (!imageWork && workerPackages.length === 0);
}

function hostBytes(...lists: readonly (readonly string[])[]): boolean {
  return JSON.stringify(lists).length <= MAX_HOST_BYTES;
}

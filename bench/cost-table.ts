import { costOf, PRICES, type Usage } from '../contract/prices.ts';

/** Requests and units that a local run counted. */
export type Counted = Readonly<Record<string, number>>;

const MILLION = 1_000_000;
/** Images a second that one worker is taken to fetch from the web: a worker waits, mostly. */
const RATES = [25, 100] as const;
/** Memory of a worker in GB, by default. */
const WORKER_GB = 1;
/** What a task and its metrics leave in the log, in bytes, and the images of one. */
const LOG_BYTES = 1500;
const TASK_IMAGES = 98;

/** What a million images use, as far as a run of this machine tells: its network is not the web's. */
export function usageOf(counted: Counted, images: number): Usage {
  const perMillion = (count: number) => (count * MILLION) / images;
  const sum = (prefix: RegExp) =>
    Object.entries(counted).reduce((all, [kind, n]) => all + (prefix.test(kind) ? n : 0), 0);
  return {
    queueRequests: perMillion(sum(/^sqs (Send|Receive|Delete|Change|GetQueueAttributes)/)),
    tableWriteUnits: perMillion(counted['units written'] ?? 0),
    tableReadUnits: perMillion(counted['units read'] ?? 0),
    // Images are files here, and objects there: one for each.
    objectWrites: MILLION,
    objectReads: 0,
    functionInvocations: perMillion(counted['units invocations'] ?? 0),
    functionGbSeconds: 0,
    logGb: ((MILLION / TASK_IMAGES) * LOG_BYTES) / 1e9,
  };
}

/** What is told of, in its order, as people call it. */
export const TOLD = [
  ['queueRequests', 'SQS requests'],
  ['tableWriteUnits', 'DynamoDB write units'],
  ['tableReadUnits', 'DynamoDB read units'],
  ['objectWrites', 'S3 PUT requests'],
  ['functionInvocations', 'Lambda invocations'],
  ['logGb', 'GB of logs'],
] as const satisfies readonly (readonly [keyof Usage, string])[];

/** The table as Markdown. */
export function costTable(counted: Counted, images: number): string {
  const usage = usageOf(counted, images);
  const bare = costOf(usage);
  const parts = TOLD.map(([key, name]) =>
    row(name, amount(usage[key]), dollars(usage[key] * PRICES[key])),
  );
  const rated = RATES.flatMap((rate) => {
    const functionGbSeconds = (MILLION / rate) * WORKER_GB;
    const lambda = costOf({ functionGbSeconds });
    return [
      row(
        `Lambda GB-seconds at ${rate} images/s a worker`,
        amount(functionGbSeconds),
        dollars(lambda),
      ),
      row(`**all, at ${rate} images/s**`, '', `**${dollars(bare + lambda)}**`),
    ];
  });
  return ['| | a million images | US$ |', '| --- | --- | --- |', ...parts, ...rated].join('\n');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function amount(value: number): string {
  const digits = value < 10 ? 2 : 0;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

function dollars(value: number): string {
  return value.toFixed(2);
}

import { costOf, PRICES, type Usage } from '../contract/prices.ts';

/** Requests and units that a local run counted. */
export type Counted = Readonly<Record<string, number>>;

const MILLION = 1_000_000;

/**
 * What a million images use, from what the local runner counted: the time of a function is that of
 * this machine, with hosts as far away as those of the list.
 */
export function usageOf(counted: Counted, images: number): Usage {
  const perMillion = (count: number) => (count * MILLION) / images;
  const sum = (prefix: RegExp) =>
    Object.entries(counted).reduce((all, [kind, n]) => all + (prefix.test(kind) ? n : 0), 0);
  return {
    queueRequests: perMillion(sum(/^sqs (Send|Receive|Delete|Change|GetQueueAttributes)/)),
    tableWriteUnits: perMillion(counted['units written'] ?? 0),
    tableReadUnits: perMillion(counted['units read'] ?? 0),
    // Of an upload in parts its beginning and its end are POST requests, at the price of a PUT.
    objectWrites: perMillion(sum(/^s3 (PUT|POST)$/)),
    objectReads: perMillion(sum(/^s3 (GET|HEAD)$/)),
    functionInvocations: perMillion(counted['units invocations'] ?? 0),
    functionGbSeconds: perMillion(counted['units GB-seconds'] ?? 0),
    objectGbMonths: perMillion(counted[IMAGE_BYTES] ?? 0) / 1e9,
    logGb: perMillion(counted[LOG_BYTES] ?? 0) / 1e9,
  };
}

/** Name of the count of bytes that functions wrote to their logs. */
export const LOG_BYTES = 'bytes of logs';

/** Name of the count of bytes of the images that were kept. */
export const IMAGE_BYTES = 'bytes of images';

/** What is told of, in its order, as people call it. */
export const TOLD = [
  ['queueRequests', 'SQS requests'],
  ['tableWriteUnits', 'DynamoDB write units'],
  ['tableReadUnits', 'DynamoDB read units'],
  ['objectWrites', 'S3 PUT requests'],
  ['functionInvocations', 'Lambda invocations'],
  ['functionGbSeconds', 'Lambda GB-seconds'],
  ['logGb', 'GB of logs'],
] as const satisfies readonly (readonly [keyof Usage, string])[];

/** What comes on top: it is not asked, but kept. */
export const KEPT = ['objectGbMonths', 'kept for a month, GB in S3'] as const;

/** The table as Markdown: what was asked of AWS and its sum, and below what is kept. */
export function costTable(counted: Counted, images: number): string {
  const usage = usageOf(counted, images);
  const parts = TOLD.map(([key, name]) => rowOf(usage, key, name));
  const all = row('**all**', '', `**${dollars(costOf({ ...usage, objectGbMonths: 0 }))}**`);
  const head = ['| | a million images | US$ |', '| --- | --- | --- |'];
  return [...head, ...parts, all, rowOf(usage, ...KEPT)].join('\n');
}

/** A reader who multiplies what is shown gets what is shown. */
function rowOf(usage: Usage, key: keyof Usage, name: string): string {
  const shown = Number(usage[key].toFixed(digitsOf(usage[key])));
  return row(name, amount(shown), dollars(shown * PRICES[key]));
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function amount(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: digitsOf(value) });
}

function digitsOf(value: number): number {
  return value < 10 ? 2 : 0;
}

function dollars(value: number): string {
  return value.toFixed(2);
}

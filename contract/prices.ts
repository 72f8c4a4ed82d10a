/** What a crawl uses of AWS, in the units that AWS bills. */
export interface Usage {
  /**
   * Requests to SQS, each of at most 64 KiB; Lambda's own polls are among them. Those to the standard
   * queues cost a fifth less, and are counted as if they were FIFO.
   */
  readonly queueRequests: number;
  /** Items written to the table, for each begun KiB. */
  readonly tableWriteUnits: number;
  /** Items read, for each begun 4 KiB; a read that may be stale counts half. */
  readonly tableReadUnits: number;
  /** Objects written to the bucket, and lists copied in it. */
  readonly objectWrites: number;
  readonly objectReads: number;
  readonly functionInvocations: number;
  /** Memory in GB times duration in seconds. */
  readonly functionGbSeconds: number;
  /** GB of objects times the months that they are kept. */
  readonly objectGbMonths: number;
  /** Log and metric lines that CloudWatch takes in, in GB. */
  readonly logGb: number;
}

/** When the list prices below were those of AWS. @public for the bench */
export const PRICES_OF = '2025-06';

const MILLION = 1_000_000;

/**
 * List prices in us-east-1 in US dollars: FIFO queues, an on-demand table of the standard class, S3
 * Standard, functions on arm64. Without free tiers, discounts and taxes.
 */
export const PRICES = {
  queueRequests: 0.5 / MILLION,
  tableWriteUnits: 0.625 / MILLION,
  tableReadUnits: 0.125 / MILLION,
  objectWrites: 5 / MILLION,
  objectReads: 0.4 / MILLION,
  functionInvocations: 0.2 / MILLION,
  functionGbSeconds: 0.0000133334,
  objectGbMonths: 0.023,
  logGb: 0.5,
} as const satisfies Record<keyof Usage, number>;

/** No use of anything. */
export const NO_USAGE: Usage = {
  queueRequests: 0,
  tableWriteUnits: 0,
  tableReadUnits: 0,
  objectWrites: 0,
  objectReads: 0,
  functionInvocations: 0,
  functionGbSeconds: 0,
  objectGbMonths: 0,
  logGb: 0,
};

/** What a usage costs in US dollars; what is not given is not used. @public for the bench */
export function costOf(usage: Partial<Usage>): number {
  const used: Usage = { ...NO_USAGE, ...usage };
  return USAGES.reduce((sum, name) => sum + used[name] * PRICES[name], 0);
}

/** The names of what is billed. */
export const USAGES = Object.keys(PRICES).filter(isUsage);

function isUsage(name: string): name is keyof Usage {
  return Object.hasOwn(PRICES, name);
}

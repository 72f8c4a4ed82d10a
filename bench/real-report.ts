import type { CheckedResults } from './check-results.ts';
import { median } from './median.ts';
import { type RealMeasure, secondsUntil } from './real-measure.ts';

/** One round: what each contestant did, in the order in which they ran. */
export type RealRound = readonly RealMeasure[];

/** What the rounds were about. */
export interface RealSubject {
  readonly live: number;
  readonly hosts: number;
  readonly tls: boolean;
}

type Figure = (measure: RealMeasure) => number | undefined;

const MARKS = [90, 99, 100] as const;

/** Prints each figure as the median over the rounds, ratios pair by pair. */
export function printReal(rounds: readonly RealRound[], subject: RealSubject): void {
  const names = rounds[0]?.map(({ name }) => name) ?? [];
  const figures = figuresOf(subject);
  console.log(`${''.padEnd(34)}${names.map(right).join('')}`);
  for (const [title, of] of figures)
    printRow(
      title,
      names.map((name) => middle(rounds, name, of)),
    );
  for (const other of names.filter((name) => name !== 'crawl')) {
    console.log(`\nThe crawl's figure / that of the ${other}`);
    for (const [title, of] of figures.filter(([, , isCompared]) => isCompared))
      printRow(title, [median(rounds.map((round) => ratio(round, other, of)))]);
  }
  printCrawl(rounds);
}

/** Prints what became of the URLs of one crawl. */
export function printEnds({ ends, differences }: CheckedResults): void {
  console.log('\nResults of the crawl by kind of URL');
  for (const [end, count] of [...ends].toSorted()) console.log(`${end.padEnd(46)}${right(count)}`);
  if (differences.length === 0) return;
  console.log('\nDIFFERENT FROM WHAT THE LIST HOLDS:');
  for (const difference of differences) console.log(`  ${difference}`);
}

function figuresOf({ live, hosts, tls }: RealSubject) {
  const marks = MARKS.map((percent): [string, Figure, boolean] => [
    `s to ${percent} % of live images`,
    ({ server }) => secondsUntil(server, (live * percent) / 100),
    true,
  ]);
  const handshakes: [string, Figure, boolean][] = [
    ['full TLS handshakes per host', ({ server }) => server.fullHandshakes / hosts, false],
    ['resumed TLS handshakes per host', ({ server }) => server.resumedHandshakes / hosts, false],
  ];
  const all: [string, Figure, boolean][] = [
    ['URLs settled', ({ settled }) => settled, false],
    [`live images fetched, of ${live}`, ({ server }) => server.sentMs.length, false],
    ...marks,
    ['wall s of the command', ({ seconds }) => seconds, true],
    ['stopped at the limit', ({ exitCode }) => (exitCode === undefined ? 1 : 0), false],
    [
      'CPU s per 1,000 URLs settled',
      ({ cpuSeconds, settled }) => per1000(cpuSeconds, settled),
      true,
    ],
    [
      'CPU s per 1,000 live images',
      ({ cpuSeconds, server }) => per1000(cpuSeconds, server.sentMs.length),
      true,
    ],
    ['peak memory, MB', ({ peakMB }) => peakMB, true],
    ['requests in flight, mean', ({ server }) => meanInFlight(server), false],
    ['requests in flight, most', ({ server }) => server.maxInFlight, false],
    ['requests at once to a host, most', ({ server }) => server.maxHostRequests, false],
    ['connections to a host, most', ({ server }) => server.maxHostConnections, false],
    ['connections opened', ({ server }) => server.connections, false],
    ['connections to silent hosts', ({ server }) => server.silentConnections, false],
    ['requests for robots.txt', ({ server }) => server.requests.robots, false],
    ['all requests', ({ server }) => sumOf(Object.values(server.requests)), false],
  ];
  return tls ? [...all, ...handshakes] : all;
}

function meanInFlight({ inFlightMs, firstMs, lastMs }: RealMeasure['server']): number | undefined {
  return lastMs > firstMs ? inFlightMs / (lastMs - firstMs) : undefined;
}

function printCrawl(rounds: readonly RealRound[]): void {
  const crawls = rounds.flatMap((round) => round.filter(({ name }) => name === 'crawl'));
  const each = (of: (counted: RealMeasure['counted']) => number) =>
    median(crawls.map(({ counted, settled }) => per1000(of(counted), settled) ?? Number.NaN));
  const sum = (counted: RealMeasure['counted'], prefix: RegExp) =>
    sumOf(Object.entries(counted).map(([kind, count]) => (prefix.test(kind) ? count : 0)));
  console.log('\nThe crawl, per 1,000 URLs settled');
  printRow('SQS requests', [each((counted) => sum(counted, /^sqs /))]);
  printRow('DynamoDB requests', [each((counted) => sum(counted, /^dynamodb /))]);
  printRow('S3 requests', [each((counted) => sum(counted, /^s3 /))]);
  printRow('GB-seconds', [each((counted) => counted['units GB-seconds'] ?? Number.NaN)]);
  printRow('invocations', [each((counted) => counted['units invocations'] ?? Number.NaN)]);
}

/** Undefined where nothing was done. */
function per1000(amount: number, count: number): number | undefined {
  return count > 0 ? (amount / count) * 1000 : undefined;
}

function middle(rounds: readonly RealRound[], name: string, of: Figure): number | undefined {
  return median(rounds.map((round) => figureOf(round, name, of)));
}

function ratio(round: RealRound, other: string, of: Figure): number {
  return figureOf(round, 'crawl', of) / figureOf(round, other, of);
}

/** NaN when there is none. */
function figureOf(round: RealRound, name: string, of: Figure): number {
  const measured = round.find((one) => one.name === name);
  return (measured && of(measured)) ?? Number.NaN;
}

function printRow(title: string, values: readonly (number | undefined)[]): void {
  console.log(`${title.padEnd(34)}${values.map(amount).map(right).join('')}`);
}

function amount(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  return value.toFixed(value < 100 && !Number.isInteger(value) ? 2 : 0);
}

function right(text: string | number): string {
  return String(text).padStart(13);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

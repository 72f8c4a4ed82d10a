import { median } from './median.ts';

/** What the plain loop says of itself. */
export interface PlainMeasure {
  readonly images: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMB: number;
}

/** What the crawl says of itself: its summary, and what it cost. */
export interface CrawlMeasure {
  readonly succeeded: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly cpuSeconds: number;
  readonly peakRssMB: number;
  readonly requests: { readonly requests: Readonly<Record<string, number>> };
}

/** What it costs to be safe and polite, in microseconds of CPU. */
export interface RulesCost {
  readonly microsPerImage: number;
}

/** The two, one after the other. */
export interface Round {
  readonly plain: PlainMeasure;
  readonly crawl: CrawlMeasure;
}

/** Prints each figure as the median over the rounds, the ratio pair by pair. */
export function printReport(rounds: readonly Round[], rules: RulesCost): void {
  const of = (figure: (round: Round) => number) => median(rounds.map(figure));
  const thousands = of(({ crawl }) => crawl.succeeded) / 1000;
  const rows = [
    ['images', of(({ plain }) => plain.images), of(({ crawl }) => crawl.succeeded)],
    [
      'images per second',
      of(({ plain }) => plain.images / plain.seconds),
      of(({ crawl }) => crawl.imagesPerSecond),
    ],
    [
      'CPU seconds per 1,000 images',
      of(({ plain }) => plain.cpuSeconds) / thousands,
      of(({ crawl }) => crawl.cpuSeconds) / thousands,
    ],
    ['peak memory, MB', of(({ plain }) => plain.peakRssMB), of(({ crawl }) => crawl.peakRssMB)],
  ] as const;
  console.log(`${''.padEnd(32)}${'plain loop'.padStart(12)}${'crawl'.padStart(12)}`);
  for (const [name, plain, crawl] of rows) {
    console.log(`${name.padEnd(32)}${figure(plain)}${figure(crawl)}`);
  }
  const ratios = rounds.map(({ plain, crawl }) => crawl.cpuSeconds / plain.cpuSeconds);
  const each = ratios.map((ratio) => ratio.toFixed(2)).join(' ');
  console.log(`\nCPU of the crawl / CPU of the plain loop: ${median(ratios).toFixed(2)} (${each})`);
  printRules(rules, of(({ crawl }) => crawl.cpuSeconds) / thousands);
  printRequests(rounds, thousands);
}

function printRules({ microsPerImage }: RulesCost, millisPerImage: number): void {
  const share = microsPerImage / (millisPerImage * 1000 - microsPerImage);
  const percent = (100 * share).toFixed(1);
  const micros = microsPerImage.toFixed(1);
  console.log(`Guard, robots.txt and pace: ${micros} µs an image, ${percent} % of everything else`);
}

function printRequests(rounds: readonly Round[], thousands: number): void {
  const last = rounds.at(-1)?.crawl.requests.requests ?? {};
  const kinds = Object.entries(last).toSorted(([, a], [, b]) => b - a);
  console.log('\nAWS requests per 1,000 images');
  for (const [kind, count] of kinds) console.log(`${kind.padEnd(32)}${figure(count / thousands)}`);
  const counted = kinds.filter(([kind]) => /^(sqs|dynamodb) /.test(kind));
  const sum = counted.reduce((total, [, count]) => total + count, 0);
  console.log(`${'SQS and DynamoDB together'.padEnd(32)}${figure(sum / thousands)}`);
}

function figure(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0).padStart(12);
}

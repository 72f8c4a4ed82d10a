import { costCeilingOf } from '../../core/model/budget.ts';
import { type RunProgress, settledOf } from '../../core/model/progress.ts';
import {
  countOf,
  formatBytes,
  formatCount,
  formatDollars,
  formatRate,
  formatSeconds,
} from '../options/quantities.ts';
import { reasonsOf, topReasons } from './reasons.ts';
import type { Screen } from './screen.ts';
import { type ShownState, type Standing, stateOf } from './summary.ts';

/** The states in the words that a person reads. */
export const STATE_WORDS: Readonly<Record<ShownState, string>> = {
  seeding: 'running',
  running: 'running',
  stopped: 'stopped',
  cancelled: 'cancelled',
  done: 'finished',
  'over-budget': 'over budget',
};

/** What is known of the lines that were no URL. */
export interface Unusable {
  /** Where all of them are. */
  readonly where: string;
  /** More of them than the run's record has. */
  readonly told?: readonly string[];
}

/** A run's numbers for a person: a heading, three counts, and the first lines that were no URL. */
export function saySummary(screen: Screen, standing: Standing, unusable: Unusable): void {
  const { progress } = standing;
  const { runId, succeeded, failed, skipped, reasons } = progress;
  screen.say(`${screen.style('bold', `run ${runId}`)}  ${headingOf(standing)}`);
  screen.say();
  const width = formatCount(Math.max(succeeded, failed, skipped)).length;
  const row = (name: string, count: number, rest: string, colour: 'green' | 'red' | 'yellow') => {
    const line = `  ${name.padEnd(9)}  ${formatCount(count).padStart(width)}`;
    screen.say(`${count > 0 ? screen.style(colour, line) : line}${rest === '' ? '' : `  ${rest}`}`);
  };
  row('succeeded', succeeded, transferOf(progress), 'green');
  row('failed', failed, topReasons(reasonsOf(reasons, 'failed'), 6), 'red');
  row('skipped', skipped, topReasons(reasonsOf(reasons, 'skipped'), 6), 'yellow');
  const { savedBytes = 0 } = progress;
  if (savedBytes > 0)
    screen.say(`  not downloaded again: ${formatBytes(savedBytes)} that earlier runs kept`);
  const cost = costText(standing);
  if (cost !== undefined) screen.say(`  estimated cost on AWS: ${cost}`);
  sayBadLines(screen, progress, unusable);
}

/** `$0.12`, `$0.12 of $5.00`; undefined where nothing was counted. */
export function costText({ run, progress: { cost } }: Standing): string | undefined {
  if (cost === undefined) return undefined;
  const ceiling = costCeilingOf(run.settings);
  const most = ceiling === undefined ? '' : ` of at most ${formatDollars(ceiling)}`;
  return `${formatDollars(cost)}${most}`;
}

/** `finished: 1,990 of 2,000 images downloaded`, `stopped: 16 of 2,000 URLs finished`. */
export function headingOf({ run, progress, works }: Standing): string {
  const { targets, succeeded, documents, ended, unchanged = 0 } = progress;
  const state = STATE_WORDS[stateOf({ progress, works })];
  if (!ended) {
    const more = progress.state === 'seeding' ? ' so far' : '';
    const finished = formatCount(settledOf(progress));
    return `${state}: ${finished} of ${countOf(targets, 'URL')}${more} finished`;
  }
  const images = succeeded - documents - unchanged;
  const same = unchanged === 0 ? '' : `, ${formatCount(unchanged)} unchanged`;
  if (run.settings.pages !== undefined)
    return `${state}: ${countOf(images, 'image')} downloaded${same}, ${countOf(documents, 'page')} read`;
  return `${state}: ${formatCount(images)} of ${countOf(targets, 'image')} downloaded${same}`;
}

function transferOf({ bytes, seconds, succeeded, documents }: RunProgress): string {
  if (seconds === 0) return '';
  const images = succeeded - documents;
  const rate = `${formatRate(images / seconds)} images/s`;
  const transfer = `${formatBytes(bytes)} in ${formatSeconds(seconds)}, ${rate}`;
  if (documents === 0) return transfer;
  return `${countOf(images, 'image')}, ${countOf(documents, 'page')}, ${transfer}`;
}

function sayBadLines(
  screen: Screen,
  { badLines, badSamples }: RunProgress,
  { where, told = [] }: Unusable,
): void {
  if (badLines === 0) return;
  screen.say();
  screen.say(`  ${countOf(badLines, 'line')} without a usable URL:`);
  // A log is searched, a terminal is scrolled.
  const shown = screen.isRead || told.length < badSamples.length ? badSamples : told;
  for (const sample of shown) screen.say(`    ${sample}`);
  const rest = badLines - shown.length;
  if (rest > 0) screen.say(`    … and ${formatCount(rest)} more, all of them in ${where}`);
}

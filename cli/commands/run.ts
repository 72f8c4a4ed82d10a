import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import { RUN_DEFAULTS } from '../../contract/run-defaults.ts';
import type { OutputSettings, RunSettings } from '../../core/model/run.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { ExitCode } from '../exit-code.ts';
import { readOutput, withCaption } from '../export/output-options.ts';
import { checkFolder, makeFolder } from '../options/folders.ts';
import { headerLines } from '../options/header-lines.ts';
import { addImageOptions, imageOptions } from '../options/image-options.ts';
import {
  addImageStorageOption,
  checkImageStorage,
  imageStorageOptions,
} from '../options/image-storage.ts';
import { addListOptions, listOptions } from '../options/list-options.ts';
import { addMaxCostOption, readMaxCost } from '../options/max-cost.ts';
import { addMemoryOptions, memoryOptions } from '../options/memory-options.ts';
import { addConductOptions, conductOptions, readDeployment } from '../options/option-sets.ts';
import { addPageOptions, pageOptions, readPageSettings } from '../options/page-settings.ts';
import { refuseMixed } from '../options/refuse-mixed.ts';
import { addRightsOptions, rightsOptions } from '../options/rights-options.ts';
import { defaultUserAgent, readRunSettings, usualText } from '../options/run-settings.ts';
import { sourceOf } from '../output/summary.ts';
import { conductRun } from '../run/conduct-run.ts';
import { contactNote } from '../run/contact-note.ts';
import { refuseResults, removeResults } from '../run/earlier-results.ts';
import { readRunner } from '../run/read-runner.ts';
import { keepsResults } from '../run/report-run.ts';
import { newRunId } from '../run/run-id.ts';
import { startRun } from '../run/start-run.ts';
import { refuseStopped } from '../run/stopped-stack.ts';
import { openScreen, type Session } from '../session.ts';
import { prepareSources } from '../sources/prepare-sources.ts';

const options = conductOptions.extend({
  ...pageOptions.shape,
  ...rightsOptions.shape,
  ...imageStorageOptions.shape,
  ...listOptions.shape,
  ...memoryOptions.shape,
  ...imageOptions.shape,
  attempts: z.string().optional(),
  timeout: z.string().optional(),
  maxBytes: z.string().optional(),
  maxPixels: z.string().optional(),
  minWidth: z.string().optional(),
  minHeight: z.string().optional(),
  minBytes: z.string().optional(),
  perHost: z.string().optional(),
  rate: z.string().optional(),
  perAddress: z.boolean().optional(),
  delay: z.string().optional(),
  maxUrls: z.string().optional(),
  maxTotalBytes: z.string().optional(),
  userAgent: z.string().optional(),
  referer: z.string().optional(),
  header: z.array(z.string()).optional(),
});

type TypedRun = z.output<typeof options>;

const EXAMPLES = `
Examples:
  $ npx crawl run list.txt
  $ npx crawl run https://example.com/a.jpg https://example.com/b.png
  $ npx crawl run photos.csv --column image_url --out photos
  $ npx crawl run laion.parquet --keep TEXT,similarity --hash-column md5
  $ zcat list.gz | npx crawl run - --json
  $ npx crawl run list.txt --resize 256 --resize-mode center-crop --encode webp
  $ npx crawl run --pages https://example.com/ --max-pages 500
  $ npx crawl run --pages https://example.com/sitemap.xml --exclude '/\\.svg$/'
  $ npx crawl run list.csv --format webdataset --caption title --table parquet
  $ npx crawl run list.txt --since 30d
  $ npx crawl run list.txt --stack ImageCrawler`;

/** `crawl run SOURCE...` */
export function describeRun(program: Command, { version }: Pick<Session, 'version'>): Command {
  const command = program
    .command('run')
    .description('start a run and follow it to its end')
    .argument(
      '<source...>',
      'files (.txt, .csv, .tsv, .json, .jsonl, each also .gz; .parquet), s3://BUCKET/KEY, URLs, or - for standard input',
    )
    .option(
      '--per-host <n>',
      `connections to a host at most; fewer where it is slow (default: ${usualText('perHost')})`,
    )
    .option(
      '--rate <n>',
      `requests per second to a host on the internet at most, 0 for no limit (default: ${usualText('ratePerS')})`,
    )
    .option('--per-address', 'hosts at one address share --rate')
    .option(
      '--delay <time>',
      `least time between requests to a host, as in 500ms or 2s (default: ${usualText('delayMs')})`,
    )
    .option(
      '--attempts <n>',
      `attempts per URL for temporary failures (default: ${usualText('attempts')})`,
    )
    .option('--timeout <time>', `limit for one attempt (default: ${usualText('timeoutMs')})`)
    .option(
      '--max-bytes <size>',
      `limit for one image, as in 5MB or 1GiB (default: ${usualText('maxBytes')})`,
    )
    .option(
      '--max-pixels <n>',
      `limit for width times height of an image (default: ${usualText('maxPixels')})`,
    )
    .option('--min-width <n>', 'leave out images of fewer pixels across (default: 0, no limit)')
    .option('--min-height <n>', 'leave out images of fewer pixels in height (default: 0, no limit)')
    .option('--min-bytes <size>', 'leave out smaller images, as in 5kB (default: 0, no limit)')
    .option('--max-urls <n>', 'most URLs of the run (default: 0, no limit)')
    .option('--max-total-bytes <size>', 'stop after downloading this much (default: 0, no limit)')
    .option('--user-agent <text>', `User-Agent to send (default: ${defaultUserAgent(version)})`)
    .option(
      '--header <text>',
      'header to send: "Name: value", or "HOST Name: value" for one host, or @FILE with such lines; may be repeated',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      '--referer <mode>',
      `Referer to send: page (where an image was found), site (its own site) or none (default: ${RUN_DEFAULTS.referer})`,
    )
    .addHelpText('after', EXAMPLES);
  addMaxCostOption(command, 'that of the stack, usually none');
  const onLists = addMemoryOptions(addRightsOptions(addListOptions(command)));
  const onImages = addImageOptions(addImageStorageOption(onLists));
  return addConductOptions(addPageOptions(onImages));
}

/** Checks everything first: nothing is left behind by a command that was wrong. */
export async function runCommand(
  sources: readonly string[],
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const typed = options.parse(given);
  const { base, version } = session;
  const deployment = readDeployment(typed, base);
  checkImageStorage(typed.imageStorage, deployment);
  const runner = await readRunner(typed, session);
  const output = readOutput(typed, undefined);
  const dataSet = output && { output, version };
  const settings = await settingsOf(typed, output, session);
  const runId = newRunId(Date.now());
  const out = resolve(base, typed.out ?? join('crawl-out', runId));
  const keeps = keepsResults(deployment, typed.out, dataSet);
  if (keeps) await checkFolder('--out', out);
  if (keeps && !typed.overwrite) await refuseResults(out, base);
  if (deployment.kind === 'here') await checkFolder('--data', deployment.dataDir);
  const wanted = { ...typed, keep: withCaption(typed.keep, output?.caption) };
  const prepared = await prepareSources(sources, wanted, session);
  const screen = openScreen(session, typed.json);
  const conducted = { deployment, dataSet, runId, out, base, keepsResults: keeps };
  try {
    return await conductRun({ ...typed, ...runner, ...conducted }, screen, async (crawler) => {
      await refuseStopped(crawler, typed.stack, base);
      if (keeps) await makeFolder('--out', out);
      if (keeps && typed.overwrite) await removeResults(out);
      const placed = placedIn(settings, deployment, out, typed);
      await startRun(crawler, runId, placed, prepared.lists);
      await prepared.discard();
      const contact = contactNote(settings.userAgent, typed.allowPrivate);
      if (contact !== undefined) screen.note(contact);
      for (const note of prepared.notes) screen.note(note);
      const lists = prepared.lists.map(({ name }) => ({ name, round: 0 }));
      screen.note(`run ${runId}: ${sourceOf(lists)}`);
    });
  } finally {
    await prepared.discard();
  }
}

/** The settings of the run, but for where its images go. @throws CommandError */
async function settingsOf(
  typed: TypedRun,
  output: OutputSettings | undefined,
  { base, version }: Session,
): Promise<RunSettings> {
  const chosen = readRunSettings(
    {
      ...typed,
      timeoutMs: typed.timeout,
      delayMs: typed.delay,
      ratePerS: typed.rate,
      maxCrawlDelayMs: typed.maxCrawlDelay,
      header: await headerLines(typed.header ?? [], base),
      pages: readPageSettings(typed),
    },
    version,
  );
  const { hashColumn } = typed;
  refuseMixed({ isOfPages: typed.pages, hashColumn, output, imageWork: chosen.imageWork });
  const maxCost = readMaxCost(typed.maxCost);
  return { ...chosen, maxCost, output, archive: output?.format === 'warc' ? true : undefined };
}

/** Here images are files of the run's own folder, unless it is said otherwise; in a stack they go to its bucket. */
function placedIn(
  settings: RunSettings,
  deployment: Deployment,
  out: string,
  { allowPrivate, imageStorage }: TypedRun,
): RunSettings {
  const inBucket = imageStorage === 'files' ? undefined : imageStorage;
  if (deployment.kind === 'stack') return { ...settings, imageStorage: inBucket };
  if (inBucket !== undefined) return { ...settings, allowPrivate, imageStorage: inBucket };
  return { ...settings, allowPrivate, imagesFolder: join(out, 'images') };
}

import { writeFile } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import type { Run } from '../../core/model/run.ts';
import { withRun } from '../deployment/with-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { checkFolder, makeFolder, shownPath } from '../options/folders.ts';
import {
  addDeploymentOptions,
  deploymentOptions,
  notEmpty,
  readDeployment,
} from '../options/option-sets.ts';
import { writeWhole } from '../output/write-whole.ts';
import { type GalleryOptions, GalleryPages } from '../report/gallery-pages.ts';
import { reportPage } from '../report/report-page.ts';
import { RunFigures } from '../report/run-figures.ts';
import { outOf } from '../run/ask-again.ts';
import { openScreen, type Session } from '../session.ts';

const options = deploymentOptions.extend({ out: z.string().optional() });

const EXAMPLES = `
Examples:
  $ npx crawl report 20261123T214455-x7k2
  $ npx crawl report 20261123T214455-x7k2 --out /tmp/look`;

/** `crawl report RUN` */
export function describeReport(program: Command): Command {
  const command = program
    .command('report')
    .description("a run's results so far as HTML pages: figures, broken links, all pictures")
    .argument('<run>', 'id of the run, or its beginning')
    .addOption(
      new Option('--out <dir>', 'folder of report.html (default: that of the run)').argParser(
        notEmpty('--out', 'a folder'),
      ),
    )
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(command);
}

/** Reads only; a crawl that another process runs is not disturbed. */
export async function reportCommand(
  text: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const { out: wanted, ...rest } = options.parse(given);
  const { base } = session;
  const screen = openScreen(session);
  return withRun(readDeployment(rest, base), text, async ({ archive }, run) => {
    const out = outOf(run, wanted, base);
    await checkFolder('--out', out);
    await makeFolder('--out', out);
    const linkOf = linksFrom(out, run);
    const { figures, galleryPages } = await readAll(archive.lines(run), {
      runId: run.runId,
      out,
      linkOf,
    });
    const progress = await archive.progress(run);
    const path = join(out, 'report.html');
    const matter = { run, progress, figures, linkOf, galleryPages, nowMs: Date.now() };
    await writeWhole(path, (draft) => writeFile(draft, reportPage(matter)));
    screen.say(shownPath(path, base));
    return EXIT.ended;
  });
}

/** Reads the results once, and writes the pages of the gallery on the way. */
async function readAll(results: AsyncIterable<ResultLine>, options: GalleryOptions) {
  const figures = new RunFigures();
  const pages = new GalleryPages(options);
  try {
    for await (const result of results) {
      if (figures.add(result)) await pages.add(result);
    }
    return { figures, galleryPages: await pages.finish() };
  } catch (error) {
    await pages.discard();
    throw error;
  }
}

/** Addresses of the run's files as a page in that folder has to spell them. */
function linksFrom(out: string, { settings }: Run): (file: string) => string | undefined {
  const { imagesFolder } = settings;
  if (imagesFolder === undefined) return () => undefined;
  const way = relative(out, dirname(imagesFolder)).split(sep).join(posix.sep);
  return (file) =>
    file.startsWith('s3://')
      ? undefined
      : posix.join(way, file).split('/').map(encodeURIComponent).join('/');
}

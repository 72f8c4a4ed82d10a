import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { benchUrls } from '../../../bench/bench-urls.ts';
import { readyPictures } from '../../../bench/ready-pictures.ts';
import { copyProject } from '../../copy-project.ts';
import { freshHome } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';
import { startPictureSite } from '../picture-site.ts';
import { parseStatus, parseSummary, readResults } from '../run-output.ts';

/** As few deaths as a deployment may choose: each costs twice the wait of the one before. */
const APP = { app: 'node infra/app.ts', context: { crawler: { maxReceiveCount: 4 } } };

const IMAGES = 30;
const POISON = 7;

test('a URL that kills its workers ends alone', { timeout: 150_000 }, async () => {
  const home = await freshHome({ project: await projectThatDiesOf(await hashOf(POISON)) });
  const site = await startPictureSite({ pictures: IMAGES, hosts: 3 });
  const urls = benchUrls(site.origins, IMAGES);
  await writeFile(home.path('urls.txt'), `${urls.join('\n')}\n`);

  const ended = await home.crawl('run', 'urls.txt', '--out', 'out', '--allow-private', '--json');

  expectExit(ended, 0);
  expect(ended.stderr).toContain('WorkerCrawlFunction exited with code 1');
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(results.map(({ url }) => url).toSorted()).toEqual(urls.toSorted());
  const lost = results.filter(({ status }) => status !== 'succeeded');
  expect(lost).toEqual([
    expect.objectContaining({ url: urls[POISON], status: 'failed', reason: 'dead-lettered' }),
  ]);
  const { runId, ...summary } = parseSummary(ended);
  const sums = { targets: IMAGES, succeeded: IMAGES - 1, failed: 1, skipped: 0 };
  expect(summary).toMatchObject({ ...sums, reasons: { 'dead-lettered': 1 } });
  const status = await home.crawl('status', runId, '--json');
  expect(parseStatus(status)).toMatchObject({ ...sums, state: 'done' });
});

async function hashOf(index: number): Promise<string> {
  const find = await readyPictures(IMAGES);
  const [url = ''] = benchUrls(['http://host'], IMAGES).slice(index);
  const bytes = find(new URL(url).pathname)?.bytes ?? Buffer.alloc(0);
  return createHash('sha256').update(bytes).digest('hex');
}

/** A copy of the project whose hook for images ends the worker on one picture. */
async function projectThatDiesOf(sha256: string): Promise<string> {
  const copy = await copyProject();
  await mkdir(join(copy, 'cdk.out'));
  await writeFile(join(copy, 'cdk.json'), JSON.stringify(APP));
  await writeFile(join(copy, 'lambdas', 'worker', 'on-image.ts'), hookThatDiesOf(sha256));
  return copy;
}

function hookThatDiesOf(sha256: string): string {
  return `import type { OnImage } from '../../../core/ports/hooks.ts';

export const onImage: OnImage = async (image) => {
  if (image.sha256 === '${sha256}') process.exit(1);
  return { kind: 'keep' };
};
`;
}

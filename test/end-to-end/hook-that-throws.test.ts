import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { copyProject } from '../copy-project.ts';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { startPictureSite } from './picture-site.ts';
import { parseStatuses } from './run-output.ts';

const HOOK = join('lambdas', 'worker', 'on-image.ts');
const FAULTS = join('cli', 'run', 'own-faults.ts');
/** Hosts are worked each by itself: with so many of them the same error is there three times at once. */
const HOSTS = 8;

const THROWS = `import type { OnImage } from '../../core/ports/images.ts';

export const onImage: OnImage = async () => {
  throw new Error('my bug');
};
`;

async function prepare() {
  const project = await copyProject();
  await writeFile(join(project, HOOK), THROWS);
  const home = await freshHome({ project });
  const site = await startPictureSite({ pictures: HOSTS, hosts: HOSTS });
  await writeFile(home.path('urls.txt'), `${benchUrls(site.origins, HOSTS).join('\n')}\n`);
  await shortenPatience(project);
  return home;
}

/** Nobody waits a minute here for what may recover: own-faults.test.ts looks at that. */
async function shortenPatience(project: string): Promise<void> {
  const path = join(project, FAULTS);
  const code = await readFile(path, 'utf8');
  const shorter = code.replace('STUCK_MS = 60_000;', 'STUCK_MS = 3000;');
  expect(shorter).not.toBe(code);
  await writeFile(path, shorter);
}

test('a hook that throws is shown with file and line, and ends the run', {
  timeout: 120_000,
}, async () => {
  const home = await prepare();

  const ended = await home.crawl('run', 'urls.txt', '--allow-private', '--out', 'out');

  expectExit(ended, 1);
  const where = 'error in WorkerCrawlFunction: Error: my bug (lambdas/worker/on-image.ts:4)';
  expect(ended.stderr.split('\n')).toContain(where);
  expect(ended.stderr).toMatch(/^crawl: the same error \d+ times and no URL finished for \d+ s: /m);
  const [run] = parseStatuses(await home.crawl('status', '--json'));
  expect(run).toMatchObject({ state: 'stopped', targets: HOSTS });
  expect(ended.stdout).toContain(`crawl -- resume ${run?.runId} --allow-private`);
});

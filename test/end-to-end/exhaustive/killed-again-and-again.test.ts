import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../../bench/bench-urls.ts';
import { seededRandom } from '../../simulation/seeded-random.ts';
import { freshHome, type Home } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';
import { startPictureSite } from '../picture-site.ts';
import { parseResults, parseStatus, parseStatuses, readResults } from '../run-output.ts';
import { waitUntil } from '../wait-until.ts';

/** CRAWL_KILLS=10 and CRAWL_KILL_SEED=… for a longer one, at other moments. */
const KILLS = Number(process.env['CRAWL_KILLS'] ?? 3);
const SEED = Number(process.env['CRAWL_KILL_SEED'] ?? 1);
/** Requests between two kills, on average. */
const STRIDE = 150;
const IMAGES = KILLS * STRIDE + 2 * STRIDE;
/** Slow enough that a kill meets what is under way. */
const SLOW_MS = 20;

const title = `${KILLS} kills at random moments from seed ${SEED}, and a resume after each`;
test(title, { timeout: 60_000 * (KILLS + 1) }, async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: IMAGES, slowMs: SLOW_MS, hosts: 3 });
  const random = seededRandom(SEED);
  const urls = benchUrls(site.origins, IMAGES);
  await writeFile(home.path('urls.txt'), `${urls.join('\n')}\n`);
  const settled = new Set<string>();
  const askedAgain: string[] = [];
  let words = ['run', 'urls.txt', '--out', 'out', '--allow-private'];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const from = site.asked.length;
    const more = 1 + Math.floor(random() * 2 * STRIDE * 0.8);
    const running = home.start(words);
    await waitUntil(
      `${more} requests`,
      () => site.asked.length >= from + more || running.hasEnded(),
    );
    running.kill('SIGKILL');
    await running.ended;
    askedAgain.push(...site.asked.slice(from).filter((url) => settled.has(url)));
    const runId = await newestRun(home);
    for (const url of await settledNow(home, runId)) settled.add(url);
    words = ['resume', runId, '--allow-private'];
  }
  site.slowMs = 0;
  const from = site.asked.length;

  const ended = await home.crawl(...words);

  expectExit(ended, 0);
  askedAgain.push(...site.asked.slice(from).filter((url) => settled.has(url)));
  expect(askedAgain).toEqual([]);
  const results = await readResults(home.path('out', 'results.jsonl'));
  const verdict = {
    seeded: urls.length,
    settled: new Set(results.map(({ url }) => url)).size,
    lost: urls.filter((url) => !results.some((result) => result.url === url)).length,
    settledTwice: results.length - new Set(results.map(({ url }) => url)).size,
    failed: results.filter(({ status }) => status !== 'succeeded').length,
    neverAsked: urls.filter((url) => !site.asked.includes(url)).length,
  };
  const zeros = { lost: 0, settledTwice: 0, failed: 0, neverAsked: 0 };
  expect(verdict).toEqual({ seeded: IMAGES, settled: IMAGES, ...zeros });
  const status = parseStatus(await home.crawl('status', await newestRun(home), '--json'));
  expect(status).toMatchObject({ state: 'done', targets: IMAGES, succeeded: IMAGES });
});

async function newestRun(home: Home): Promise<string> {
  const [newest] = parseStatuses(await home.crawl('status', '--json'));
  return newest?.runId ?? 'none';
}

async function settledNow(home: Home, runId: string): Promise<readonly string[]> {
  const { stdout } = await home.crawl('results', runId);
  return parseResults(stdout).map(({ url }) => url);
}

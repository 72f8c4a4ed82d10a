import { expect, test } from 'vitest';
import { picturePath } from '../../../bench/picture-path.ts';
import { freshHome } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';
import { startPictureSite } from '../picture-site.ts';
import { parseStatuses, parseSummary, readResults, tally } from '../run-output.ts';
import { answerDocuments } from '../site-of-pages.ts';
import { waitUntil } from '../wait-until.ts';

const FLAGS = ['--allow-private', '--out', 'out', '--json'];
const PAGES = 120;

/** A tree of pages with three pictures each. */
function treeOfPages(): Readonly<Record<string, string>> {
  const pageAt = (n: number) => {
    const links = [3 * n + 1, 3 * n + 2, 3 * n + 3, Math.floor((n - 1) / 3)];
    const known = links.filter((to) => to >= 0 && to < PAGES);
    const anchors = known.map((to) => `<a href="/${to === 0 ? '' : `p${to}.html`}">`);
    const images = [0, 1, 2].map((k) => `<img src="${picturePath(3 * n + k)}">`);
    return [n === 0 ? '/' : `/p${n}.html`, [...anchors, ...images].join('')] as const;
  };
  return Object.fromEntries(Array.from({ length: PAGES }, (_, n) => pageAt(n)));
}

test('two power cuts in a crawl of pages lose nothing and ask nothing settled again', {
  timeout: 120_000,
}, async () => {
  const home = await freshHome();
  const answer = answerDocuments(treeOfPages());
  const site = await startPictureSite({ pictures: 3 * PAGES, slowMs: 40, answer });
  const words = ['run', '--pages', `${site.origins[0]}/`, '--no-sitemaps', ...FLAGS];
  const runId = async () => parseStatuses(await home.crawl('status', '--json'))[0]?.runId ?? 'none';
  const settled = new Map<number, readonly string[]>();
  for (const requests of [100, 220]) {
    const running = home.start(settled.size === 0 ? words : ['resume', await runId(), ...FLAGS]);
    await waitUntil(`${requests} requests`, () => site.asked.length >= requests);
    running.kill('SIGKILL');
    await running.ended;
    const { stdout } = await home.crawl('results', await runId());
    const urls = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => String(JSON.parse(line).url));
    settled.set(site.asked.length, urls);
  }
  site.slowMs = 0;

  const ended = await home.crawl('resume', await runId(), ...FLAGS);

  expectExit(ended, 0);
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(tally(results)).toEqual({ succeeded: 4 * PAGES });
  expect(parseSummary(ended)).toMatchObject({ targets: 4 * PAGES, documents: PAGES });
  for (const [asked, urls] of settled) {
    const later = new Set(site.asked.slice(asked));
    expect(urls.filter((url) => later.has(url))).toEqual([]);
  }
});

import { expect, test } from 'vitest';
import { picturePath } from '../../../bench/picture-path.ts';
import { freshHome } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';
import { startPictureSite } from '../picture-site.ts';
import { parseSummary, readResults } from '../run-output.ts';
import { answerDocuments } from '../site-of-pages.ts';

const FLAGS = ['--allow-private', '--out', 'out', '--json'];

test('a site without end is left at its ceiling', async () => {
  const home = await freshHome();
  const site = await startPictureSite({
    pictures: 1,
    answer: (path, response) => {
      if (path === '/robots.txt') return false;
      const links = ['a', 'b', 'c'].map((name) => `<a href="${path}${name}/">`);
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(links.join(''));
      return true;
    },
  });
  const bounds = ['--max-pages', '40', '--no-sitemaps'];
  const ended = await home.crawl('run', '--pages', `${site.origins[0]}/`, ...bounds, ...FLAGS);
  expectExit(ended, 0);
  const { succeeded, reasons } = parseSummary(ended);
  expect({ succeeded, asked: site.asked.length }).toEqual({ succeeded: 40, asked: 40 });
  expect(Object.keys(reasons)).toEqual(expect.arrayContaining(['over-ceiling']));
});

test('a page that failed is searched for links when it is retried', async () => {
  const home = await freshHome();
  let healed = false;
  const documents = answerDocuments({
    '/': '<a href="/ill.html">',
    '/ill.html': `<img src="${picturePath(0)}">`,
  });
  const site = await startPictureSite({
    pictures: 1,
    answer: (path, response) => {
      if (path !== '/ill.html' || healed) return documents(path, response);
      response.writeHead(500).end();
      return true;
    },
  });
  const start = `${site.origins[0]}/`;
  const words = ['run', '--pages', start, '--attempts', '1', '--no-sitemaps', ...FLAGS];
  const { runId, ...first } = parseSummary(await home.crawl(...words));
  expect(first).toMatchObject({ succeeded: 1, failed: 1 });
  healed = true;

  const second = await home.crawl('retry', runId, ...FLAGS);

  expect(parseSummary(second)).toMatchObject({ targets: 3, succeeded: 3, failed: 0 });
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(results.find(({ format }) => format === 'jpeg')).toMatchObject({ depth: 1 });
  expect(site.asked.filter((url) => url === start)).toHaveLength(1);
});

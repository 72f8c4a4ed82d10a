import { describe, expect, test } from 'vitest';
import { picturePath } from '../../bench/picture-path.ts';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { startPictureSite } from './picture-site.ts';
import { parseSummary, readResults, tally } from './run-output.ts';
import { answerDocuments, pageOfSources, SOURCES } from './site-of-pages.ts';

const FLAGS = ['--allow-private', '--out', 'out', '--json'];

describe('a site', () => {
  test('is crawled from its first page: every kind of source, each picture once', async () => {
    const home = await freshHome();
    const count = SOURCES.length;
    const site = await startPictureSite({
      pictures: count + 2,
      answer: answerDocuments({
        '/': `${pageOfSources()}<link rel="stylesheet" href="/s.css"><a href="/far.html">`,
        '/far.html': `<base href="/img/"><img src="${picturePath(0).slice(5)}"><a href="/">`,
        '/s.css': `@import "/t.css"; a { background: url(${picturePath(count)}) }`,
        '/t.css': `b { background: url("${picturePath(count + 1)}") }`,
      }),
    });
    const [origin = ''] = site.origins;

    const ended = await home.crawl('run', '--pages', `${origin}/`, ...FLAGS);

    expectExit(ended, 0);
    const results = await readResults(home.path('out', 'results.jsonl'));
    const pictures = Array.from({ length: count + 2 }, (_, n) => `${origin}${picturePath(n)}`);
    const images = results.filter(({ format }) => format !== undefined);
    expect(images.map(({ url }) => url).toSorted()).toEqual(pictures.toSorted());
    expect(tally(results)).toEqual({ succeeded: count + 6, 'no-sitemap': 1 });
    expect(new Set(site.asked).size).toBe(site.asked.length);
    const first = results.find(({ url }) => url === pictures[0]);
    expect(first).toMatchObject({ foundOn: `${origin}/`, foundOnPages: 2 });
    expect(parseSummary(ended)).toMatchObject({ documents: 4, succeeded: count + 6 });
  });

  test('is known from its sitemaps too, and from a list of them alone', async () => {
    const home = await freshHome();
    const loc = (origin: string, path: string) => `<loc>${origin}${path}</loc>`;
    const documents: Record<string, string> = { '/': '<p>no links</p>', '/deep.html': '<p>' };
    const site = await startPictureSite({ pictures: 2, answer: (...it) => answerNow(...it) });
    const answerNow = answerDocuments(documents);
    const [origin = ''] = site.origins;
    documents['/robots.txt'] = `User-agent: *\nAllow: /\nSitemap: ${origin}/index.xml\n`;
    documents['/index.xml'] =
      `<sitemapindex><sitemap>${loc(origin, '/map.xml')}</sitemap></sitemapindex>`;
    documents['/map.xml'] =
      `<urlset xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>${loc(origin, '/deep.html')}` +
      `<image:image><image:loc>${origin}${picturePath(1)}</image:loc></image:image></url></urlset>`;

    const whole = await home.crawl('run', '--pages', `${origin}/`, ...FLAGS);
    expect(parseSummary(whole)).toMatchObject({ succeeded: 5, documents: 4, failed: 0 });
    site.seen = [];
    const flags = ['--allow-private', '--out', 'other', '--json', '--no-sitemaps'];
    const map = await home.crawl('run', '--pages', `${origin}/map.xml`, ...flags);
    expect(parseSummary(map)).toMatchObject({ succeeded: 3, documents: 2, failed: 0 });
    expect(site.asked).not.toContain(`${origin}/`);
  });
});

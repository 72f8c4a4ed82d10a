import { describe, expect, test } from 'vitest';
import { escaped, html } from '../../../cli/report/html.ts';
import { reportPage } from '../../../cli/report/report-page.ts';
import { RunFigures } from '../../../cli/report/run-figures.ts';
import type { ResultBody } from '../../../contract/items.ts';
import type { RunProgress } from '../../../core/model/progress.ts';
import type { Run } from '../../../core/model/run.ts';
import { pageSettings } from '../../page-settings.ts';
import { aList, aProgress, aResult, aRun } from '../records.ts';

const EVIL = `"'><script>alert(1)</script><img src=x onerror=alert(2)>&\u202e\u0000\ud800`;

function pageOf(
  results: readonly Partial<ResultBody>[],
  progress: Partial<RunProgress> = {},
  change: Partial<Run> = {},
) {
  const figures = new RunFigures();
  for (const result of results) figures.add(aResult(result));
  const run = aRun({ lists: [{ ...aList(0), name: EVIL }], ...change });
  const linkOf = (file: string) => file;
  return reportPage({
    run,
    progress: aProgress(progress),
    figures,
    linkOf,
    galleryPages: 0,
    nowMs: 0,
  });
}

const IMAGE = { format: 'png', width: 3, height: 4, bytes: 500, sha256: 'ab' } as const;

describe('text of strangers', () => {
  const strangers = { detail: EVIL, contentType: EVIL, finalUrl: `http://x/${EVIL}` };
  const page = pageOf(
    [
      { ...IMAGE, ...strangers, url: `http://h/${EVIL}`, file: `images/${EVIL}.png`, title: EVIL },
      { ...IMAGE, url: 'http://h/2', format: EVIL, file: 'images/2' },
      { ...strangers, url: `http://${EVIL}/`, status: 'failed', reason: 'timeout' },
    ],
    { badLines: 9, badSamples: [`list:1: ${EVIL}`], targets: 2, succeeded: 1, failed: 1 },
  );

  test('makes no element and no attribute', () => {
    const tags = page.match(/<\/?[a-z][a-z0-9]*/gi)?.map((tag) => tag.replace(/[</]/g, ''));
    expect(new Set(tags)).not.toContain('script');
    expect(page.match(/<img [^>]*>/g)).toEqual([
      expect.stringMatching(/^<img src="[^"<>]*" alt="[^"<>]*" loading="lazy" decoding="async">$/),
    ]);
    const attributes = page.replaceAll(/"[^"]*"/g, '');
    expect(attributes).not.toMatch(/<[^>]*\son[a-z]+=/);
  });

  test('shows what would turn the direction of writing, or be no text at all', () => {
    expect(page).toContain('\\u{202e}\\u{0}\\u{d800}');
    expect(page).not.toMatch(/[\u202e\0]/);
  });

  test.each([
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['data:text/html,x', 'data:text/html,x'],
  ])('makes no link of %s', (finalUrl, shown) => {
    const text = pageOf([{ finalUrl, status: 'failed', reason: 'timeout' }]);
    expect(text).toContain(shown);
    expect(text).not.toContain(`href="${finalUrl}`);
  });
});

describe('the page', () => {
  test('loads nothing but files of the run, and says so to the browser', () => {
    const page = pageOf([{ ...IMAGE, file: 'images/ab/ab.png' }]);
    const loaded = [...page.matchAll(/\bsrc="([^"]*)"/g)].map(([, address]) => address);
    expect(loaded).toEqual(['images/ab/ab.png']);
    expect(page).not.toMatch(/<(script|link|iframe|object)|@import|url\(/);
    expect(page).toContain(`content="default-src &#39;none&#39;;`);
  });

  test('is whole for a run of which nothing is settled', () => {
    const page = pageOf([], { state: 'seeding', ended: false });
    expect(page).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('tells each setting of a run of pages by itself', () => {
    const pages = pageSettings({
      depth: 7,
      maxPages: 90,
      include: ['/a/*', '/b/*'],
      sitemaps: true,
    });
    const page = pageOf([], {}, { settings: { ...aRun().settings, pages } });
    expect(page).toContain('<th scope="row">depth</th><td>7</td>');
    expect(page).toContain('<th scope="row">include</th><td>/a/*, /b/*</td>');
    expect(page).toContain('<th scope="row">exclude</th><td>none</td>');
    expect(page).not.toContain('[object');
  });

  test('shows settings that belong together in one row', () => {
    const memory = { days: 400, ask: 'stale', maxAgeMs: 30 * 86_400_000 } as const;
    const output = { table: 'csv', shardSize: 10, names: 'sha256', croissant: false } as const;
    const run = aRun({ settings: { ...aRun().settings, memory, output } });
    const matter = { run, progress: aProgress(), figures: new RunFigures(), galleryPages: 0 };
    const page = reportPage({ ...matter, linkOf: (file) => file, nowMs: 0 });
    expect(page).toContain(
      '<th scope="row">memory</th><td>days 400, ask stale, maxAge 30 days</td>',
    );
    expect(page).toContain('<td>table csv, shardSize 10, names sha256, croissant false</td>');
    expect(page).not.toContain('[object');
  });

  test('names the headers of a run without their values', () => {
    const headers = [
      { name: 'X-Team', value: 'secret-1' },
      { host: 'a.test', name: 'Authorization', value: 'secret-2' },
    ];
    const page = pageOf([], {}, { settings: { ...aRun().settings, headers } });
    expect(page).toContain('<th scope="row">headers</th><td>X-Team, a.test Authorization</td>');
    expect(page).not.toContain('secret');
  });

  test('closes each element that it opens', () => {
    const page = pageOf(
      [
        { ...IMAGE, file: 'a' },
        { status: 'failed', reason: 'timeout', detail: 'after 3 s' },
      ],
      { targets: 2, succeeded: 1, failed: 1, badLines: 1, badSamples: ['x:1'] },
    );
    for (const name of [
      'table',
      'tr',
      'td',
      'th',
      'section',
      'div',
      'a',
      'i',
      'span',
      'ul',
      'figure',
    ]) {
      const opened = page.match(new RegExp(`<${name}[ >]`, 'g'))?.length ?? 0;
      expect([name, page.match(new RegExp(`</${name}>`, 'g'))?.length ?? 0]).toEqual([
        name,
        opened,
      ]);
    }
  });

  test('names reason, detail, status and tries of what failed', () => {
    const fields = {
      status: 'failed',
      reason: 'server-error',
      httpStatus: 502,
      attempts: 3,
    } as const;
    const page = pageOf([{ ...fields, detail: 'upstream' }]);
    for (const text of ['server-error', 'HTTP 5xx', '502', 'upstream', 'crawl retry'])
      expect(page).toContain(text);
  });

  test('names the pages of broken links, and only of those', () => {
    const broken = { status: 'failed', reason: 'not-found', httpStatus: 404 } as const;
    const page = pageOf([
      { ...broken, url: 'http://h/gone.png', foundOn: 'http://h/menu.html' },
      { ...broken, url: 'http://h/of-the-list.png' },
    ]);
    const section = page.slice(page.indexOf('1 broken link'), page.indexOf('1 host'));
    expect(section).toContain('href="http://h/menu.html"');
    expect(section).toContain('href="http://h/gone.png"');
    expect(section).toContain('not-found (HTTP 404)');
    expect(section).not.toContain('of-the-list');
  });

  test('has rows for the hosts that were visited, those with failures first', () => {
    const outside = { status: 'skipped', reason: 'out-of-scope', attempts: 0 } as const;
    const page = pageOf([
      { url: 'http://large/1' },
      { url: 'http://large/2' },
      { url: 'http://broken/1', status: 'failed', reason: 'timeout' },
      { ...outside, url: 'http://elsewhere/1' },
      { ...outside, url: 'http://another/1' },
    ]);
    const section = page.slice(page.indexOf('2 hosts'), page.indexOf('Formats'));
    const names = [...section.matchAll(/data-title="host">([^<]*)/g)].map(([, name]) => name);
    expect(names).toEqual(['broken', 'large']);
    expect(section).toContain('2 more hosts were linked and left out of the run');
    expect(section).toContain('elsewhere, another');
  });

  test('counts a picture once, however many URLs lead to it', () => {
    const twice = [1, 2].map((n) => ({ ...IMAGE, url: `http://h/${n}`, file: 'images/ab.png' }));
    const page = pageOf([...twice, { ...IMAGE, sha256: 'cd', file: 'images/cd.png' }]);
    expect(page).toContain('<b class="">2</b>distinct pictures');
    expect(page.match(/<img /g)).toHaveLength(2);
  });

  test.each([
    [999, false],
    [1000, true],
  ])('tells of the slowest where it took long: %i ms', (durationMs, isTold) => {
    expect(pageOf([{ durationMs }]).includes('<h2>Slowest</h2>')).toBe(isTold);
  });

  test('tells settings in units that people use', () => {
    const page = pageOf([]);
    expect(page).toContain('<th scope="row">timeout</th><td>30 s</td>');
    expect(page).toContain('<th scope="row">maxBytes</th><td>20.0 MB</td>');
    expect(page).toContain('<th scope="row">maxTotalBytes</th><td>no limit</td>');
    expect(page).toContain('<td>train, ai-input, search, tdm, keep</td>');
  });

  test('leads to each page of its gallery', () => {
    const figures = new RunFigures();
    figures.add(aResult({ ...IMAGE, file: 'images/ab.png' }));
    const linkOf = (file: string) => file;
    const matter = { run: aRun(), progress: aProgress(), figures, linkOf, galleryPages: 3 };
    const page = reportPage({ ...matter, nowMs: 0 });
    for (const number of [1, 2, 3])
      expect(page).toContain(`<a href="report-pictures/${number}.html">${number}</a>`);
  });

  test('shows no picture that a browser cannot show, but links it', () => {
    const page = pageOf([{ ...IMAGE, format: 'tiff', file: 'images/ab.tiff' }]);
    expect(page).not.toContain('<img');
    expect(page).toContain('href="images/ab.tiff"');
  });
});

test('pieces are escaped once', () => {
  expect(html`<b title="${'"&'}">${html`<i>${'<'}</i>`}</b>`.text).toBe(
    '<b title="&#34;&#38;"><i>&#60;</i></b>',
  );
  expect(escaped('plain ü 漢')).toBe('plain ü 漢');
});

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GalleryPages } from '../../../cli/report/gallery-pages.ts';
import { freshFolder } from '../../fresh-folder.ts';
import { aResult } from '../records.ts';

const EVIL = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`;

function aPicture(n: number) {
  return aResult({
    url: `http://h/${n}.png`,
    format: 'png',
    width: 3,
    height: 4,
    bytes: 500,
    sha256: String(n),
    file: `images/${n}.png`,
    alt: `picture ${n}`,
    foundOn: 'http://h/',
  });
}

async function write(out: string, pictures: number): Promise<number> {
  const pages = new GalleryPages({ runId: 'a-run', out, linkOf: (file) => file });
  for (let n = 0; n < pictures; n += 1) await pages.add(aPicture(n));
  return pages.finish();
}

test.each([
  [1, 1],
  [200, 1],
  [201, 2],
  [1001, 6],
])('%i pictures are on %i pages, each once', async (pictures, expected) => {
  const out = await freshFolder();

  expect(await write(out, pictures)).toBe(expected);

  expect(await readdir(out)).toEqual(['report-pictures']);
  const seen: string[] = [];
  for (let page = 1; page <= expected; page += 1) {
    const path = join(out, 'report-pictures', `${page}.html`);
    expect((await stat(path)).size).toBeLessThan(200_000);
    const text = await readFile(path, 'utf8');
    seen.push(...[...text.matchAll(/<img src="\.\.\/images\/(\d+)\.png"/g)].map(([, n = '']) => n));
    expect(text.includes(`href="${page + 1}.html"`)).toBe(page < expected);
    expect(text.includes(`href="${page - 1}.html"`)).toBe(page > 1);
    expect(text).toContain('href="../report.html"');
  }
  expect(seen).toEqual(Array.from({ length: pictures }, (_, n) => String(n)));
});

test('pages of an earlier report are gone', async () => {
  const out = await freshFolder();
  await write(out, 500);
  await write(out, 5);
  expect(await readdir(join(out, 'report-pictures'))).toEqual(['1.html']);
  await write(out, 0);
  expect(await readdir(out)).toEqual([]);
});

test('text of strangers makes no element', async () => {
  const out = await freshFolder();
  const pages = new GalleryPages({ runId: 'a-run', out, linkOf: (file) => file });
  const strangers = { title: EVIL, url: `http://h/${EVIL}`, foundOn: `javascript:${EVIL}` };
  await pages.add(aResult({ ...aPicture(1), ...strangers }));
  await pages.finish();
  const text = await readFile(join(out, 'report-pictures', '1.html'), 'utf8');
  expect(text).not.toMatch(/<script|href="javascript|<[^>"]*\sonerror/);
  expect(text.match(/<img /g)).toHaveLength(1);
});

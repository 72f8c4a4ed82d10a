import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { freshHome } from './crawl-process.ts';
import { startPictureSite } from './picture-site.ts';
import { readResults } from './run-output.ts';

const IMAGES = 6;

test('images are resized, encoded, hashed and compared', { timeout: 120_000 }, async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: IMAGES, hosts: 2 });
  const [one = '', other = ''] = site.origins;
  const urls = benchUrls([one], IMAGES);
  const [first = ''] = urls;
  const again = first.replace(one, other);
  await writeFile(home.path('urls.txt'), `${[...urls, again].join('\n')}\n`);

  const flags = '--resize 32 --encode webp --thumbnails 16 --pdq --exif --allow-private';
  const ended = await home.crawl('run', 'urls.txt', '--out', 'out', ...flags.split(' '));

  expect(ended).toMatchObject({ code: 0 });
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(results.map(({ status }) => status)).toEqual([...urls, again].map(() => 'succeeded'));
  for (const { file = '', thumbnail = '', width = 0, height = 0 } of results) {
    const stored = await sharp(await readFile(home.path('out', file))).metadata();
    expect(stored.format).toBe('webp');
    expect(Math.max(stored.width, stored.height)).toBe(Math.min(32, Math.max(width, height)));
    const small = await sharp(await readFile(home.path('out', thumbnail))).metadata();
    expect(small).toMatchObject({ format: 'jpeg' });
  }
  const { stdout } = await home.crawl('duplicates', '2', '--json', '--min-quality', '0');
  const groups = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const found = groups.flatMap(({ images }) => images.map(({ url }: { url: string }) => url));
  expect(found).toEqual(expect.arrayContaining([first, again]));
});

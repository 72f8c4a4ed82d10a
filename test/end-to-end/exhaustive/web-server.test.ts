import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import { imageSize } from 'image-size';
import serve from 'serve-handler';
import { expect, onTestFinished, test } from 'vitest';
import { benchUrls } from '../../../bench/bench-urls.ts';
import { distinctPictures } from '../../../bench/distinct-pictures.ts';
import { listenOnLoopback } from '../../../bench/listen-on-loopback.ts';
import { freshHome } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';
import { parseSummary, type ResultLine, readResults } from '../run-output.ts';

const IMAGES = Number(process.env['CRAWL_TEST_IMAGES'] ?? 2000);
const HOSTS = 4;
const FORMATS: Readonly<Record<string, string>> = { jpg: 'jpeg' };
/** All that applies to an image which was fetched at its own address from a list. */
const FIELDS = [
  'url',
  'status',
  'reason',
  'httpStatus',
  'format',
  'width',
  'height',
  'bytes',
  'sha256',
  'file',
  'attempts',
  'durationMs',
  'fetchedAt',
];

test(`${IMAGES} files of a web server arrive as they are`, { timeout: 180_000 }, async () => {
  const home = await freshHome();
  const site = home.path('site');
  await writePictures(site);
  const origins = await Promise.all(
    Array.from({ length: HOSTS }, () => listenOnLoopback(fileServer(site), '127.0.0.1')),
  );
  const urls = benchUrls(origins, IMAGES);
  await writeFile(home.path('urls.txt'), `${urls.join('\n')}\n`);

  const ended = await home.crawl('run', 'urls.txt', '--out', 'out', '--allow-private', '--json');

  expectExit(ended, 0);
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(results.map(({ url }) => url).toSorted()).toEqual(urls.toSorted());
  for (const result of results) await expectSameFile(result, site, home.path('out'));
  await expectNothingElse(results, home.path('out'));
  const { runId: _, seconds, imagesPerSecond, ...sums } = parseSummary(ended);
  expect(sums).toMatchObject({
    targets: IMAGES,
    succeeded: IMAGES,
    failed: 0,
    skipped: 0,
    reasons: {},
    bytes: results.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
    out: home.path('out'),
  });
  expect(imagesPerSecond).toBeCloseTo(IMAGES / seconds, -1);
});

async function writePictures(folder: string): Promise<void> {
  const pictures = await distinctPictures(IMAGES);
  await mkdir(join(folder, 'img'), { recursive: true });
  for (let index = 0; index < IMAGES; index += 1) {
    const { path, bytes } = pictures.at(index);
    await writeFile(join(folder, path), bytes);
  }
}

function fileServer(folder: string): Server {
  const server = createServer((request, response) => serve(request, response, { public: folder }));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return server;
}

async function expectSameFile(result: ResultLine, site: string, out: string): Promise<void> {
  const original = await readFile(join(site, new URL(result.url).pathname));
  const { type = '', width, height } = imageSize(original);
  expect(result).toMatchObject({
    status: 'succeeded',
    reason: null,
    httpStatus: 200,
    attempts: 1,
    format: FORMATS[type] ?? type,
    width,
    height,
    bytes: original.length,
    sha256: createHash('sha256').update(original).digest('hex'),
  });
  // A server that does not know a format names no content type; few pictures have frames.
  const { contentType: _, frames: __, ...others } = result;
  expect(Object.keys(others)).toEqual(FIELDS);
  const kept = await readFile(join(out, result.file ?? ''));
  expect(kept.equals(original), `${result.file} as ${result.url}`).toBe(true);
}

/** No file is there that no result speaks of. */
async function expectNothingElse(results: readonly ResultLine[], out: string): Promise<void> {
  expect((await readdir(out)).toSorted()).toEqual(['images', 'results.jsonl']);
  const entries = await readdir(join(out, 'images'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const known = new Set(results.map(({ file = '' }) => join(out, file)));
  expect(files.filter(({ parentPath, name }) => !known.has(join(parentPath, name)))).toEqual([]);
  expect(files.map(({ parentPath }) => dirname(parentPath)).every(isImages)).toBe(true);

  function isImages(folder: string): boolean {
    return folder === join(out, 'images');
  }
}

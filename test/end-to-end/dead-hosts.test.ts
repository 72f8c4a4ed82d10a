import { writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { startPictureSite } from './picture-site.ts';
import { readResults, tally } from './run-output.ts';

const HOSTS = 40;
const PER_HOST = 4;
/** How long a request may take: the short limits of a first contact are not waited for here. */
const TIMEOUT_MS = 3000;

/** A host that takes connections and never says a word, and when each of them came. */
async function startSilentHost() {
  const contacts: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    contacts.push(performance.now());
    sockets.add(socket);
    socket.on('error', () => {});
  });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { contacts, origin: `http://127.0.0.1:${port}` };
}

test('silent hosts cost two contacts, and the others do not notice', {
  timeout: 120_000,
}, async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: HOSTS * PER_HOST, hosts: HOSTS });
  const silent = [await startSilentHost(), await startSilentHost()];
  const found = benchUrls(site.origins, HOSTS * PER_HOST);
  const dead = silent.flatMap(({ origin }) =>
    Array.from({ length: 30 }, (_, at) => `${origin}/${at}.png`),
  );
  const mixed = found.flatMap((url, at) => [url, ...dead.slice(at, at + 1)]);
  await writeFile(home.path('urls.txt'), mixed.join('\n'));

  const ended = await home.crawl(
    'run',
    'urls.txt',
    '--out',
    'out',
    '--allow-private',
    '--timeout',
    String(TIMEOUT_MS),
  );

  expectExit(ended, 0);
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(tally(results)).toEqual({ succeeded: found.length, timeout: dead.length });
  const lastPicture = Math.max(...site.seen.map(({ atMs }) => atMs));
  for (const { contacts } of silent) {
    expect(contacts).toHaveLength(2);
    const gaps = contacts.slice(1).map((atMs, at) => atMs - (contacts[at] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(TIMEOUT_MS + 5000);
    // Every picture was asked for before the first contact of a silent host was given up.
    expect(lastPicture).toBeLessThan((contacts[0] ?? 0) + TIMEOUT_MS);
  }
});

test('a host that asks for a pause gets it, and the others do not notice', {
  timeout: 60_000,
}, async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: HOSTS * PER_HOST, hosts: HOSTS });
  const refusals: number[] = [];
  const busy = await startPictureSite({
    pictures: 8,
    answer: (path, response) => {
      if (!path.startsWith('/img/') || refusals.length > 0) return false;
      refusals.push(performance.now());
      response.writeHead(429, { 'retry-after': '6' }).end();
      return true;
    },
  });
  const urls = [...benchUrls(busy.origins, 8), ...benchUrls(site.origins, HOSTS * PER_HOST)];
  await writeFile(home.path('urls.txt'), urls.join('\n'));

  const ended = await home.crawl(
    'run',
    'urls.txt',
    '--out',
    'out',
    '--allow-private',
    '--per-host',
    '1',
  );

  expectExit(ended, 0);
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(tally(results)).toEqual({ succeeded: urls.length });
  const [refusedMs = 0] = refusals;
  const later = busy.seen.map(({ atMs }) => atMs).filter((atMs) => atMs > refusedMs);
  expect(Math.min(...later)).toBeGreaterThanOrEqual(refusedMs + 6000);
  expect(Math.max(...site.seen.map(({ atMs }) => atMs))).toBeLessThan(refusedMs + 6000);
});

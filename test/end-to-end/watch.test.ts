import { hash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { readEvents, untilState } from '../cli/watch/read-events.ts';
import { freshHome, type Running } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { startPictureSite } from './picture-site.ts';
import { parseStatuses, readResults, tally } from './run-output.ts';
import { waitUntil } from './wait-until.ts';

const FLAGS = ['--allow-private', '--per-host', '2'];

/** The address of the page that a command serves. */
async function addressOf(running: Running): Promise<string> {
  const find = () => /http:\/\/127\.0\.0\.1:\d+\//.exec(running.printed())?.[0];
  await waitUntil('the address of a page', () => find() !== undefined || running.hasEnded());
  return find() ?? running.printed();
}

async function pictureHash(page: string, id: string): Promise<string> {
  const answer = await fetch(new URL(`/picture/${id}`, page));
  return hash('sha256', new Uint8Array(await answer.arrayBuffer()));
}

test('a crawl is watched as it goes, by its own page and from another process', {
  timeout: 150_000,
}, async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 120, slowMs: 500, hosts: 2 });
  const urls = benchUrls(site.origins, 120);
  const missing = `${site.origins[0]}/missing.png`;
  await writeFile(home.path('list.txt'), [missing, ...urls].join('\n'));
  const running = home.start(['run', 'list.txt', '--watch', '--out', 'out', ...FLAGS]);
  const page = await addressOf(running);
  const events = readEvents(page);

  const early = await untilState(events, ({ pictureCount }) => pictureCount > 3);
  expect(early).toMatchObject({ state: 'running', ended: false, sources: 'list.txt' });
  const [newest] = early.pictures;
  expect(await pictureHash(page, newest?.id ?? '')).toBe(newest?.id);

  const beside = home.start(['watch', '--port', '0']);
  const other = await addressOf(beside);
  const besides = readEvents(other);
  await untilState(besides, ({ hosts, pictures }) => hosts.length === 2 && pictures.length > 0);

  const late = await untilState(events, ({ tiles }) => {
    return tiles.some(({ name, figure }) => name === 'failed' && figure === '1');
  });
  expect(late.reasons).toMatchObject([{ reason: 'not-found', status: 'failed', count: '1' }]);
  expect(late.hosts.map(({ host }) => `http://${host}`).toSorted()).toEqual(
    site.origins.toSorted(),
  );
  site.slowMs = 10;
  const end = await untilState(events, ({ ended }) => ended);
  expect(end).toMatchObject({
    state: 'done',
    hostsNote: expect.stringMatching(/^2 hosts; from \d+/),
  });
  for (let next = await events.next(); next.value?.kind !== 'end'; next = await events.next())
    expect(next.done).toBe(false);
  expectExit(await running.ended, 0);
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(tally(results)).toEqual({ succeeded: 120, 'not-found': 1 });

  // The process whose table it has read is gone: it reads the files of the table by itself.
  const last = await untilState(besides, ({ ended, hostsNote }) => {
    return ended && hostsNote.endsWith('from 121 results');
  });
  expect(last).toMatchObject({ state: 'done', pictureCount: 120 });
  beside.kill('SIGINT');
  const watched = await beside.ended;
  expectExit(watched, 0);
  expect(watched.stderr).toBe('');
});

test('a run that has ended is watched without keeping its table from the next one', {
  timeout: 150_000,
}, async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 6 });
  const [first = '', ...more] = benchUrls(site.origins, 6);
  await home.crawl('run', ...more, ...FLAGS);
  expectExit(await home.crawl('watch', 'nope'), 2);
  const [{ runId } = { runId: '' }] = parseStatuses(await home.crawl('status', '--json'));
  const watching = home.start(['watch', runId.slice(0, -1)]);
  const page = await addressOf(watching);
  const events = readEvents(page);
  const state = await untilState(events, ({ pictureCount }) => pictureCount === 5);
  expect(state).toMatchObject({ runId, state: 'done', ended: true });

  expectExit(await home.crawl('run', first, ...FLAGS), 0);

  const [shown] = state.pictures;
  expect(await pictureHash(page, shown?.id ?? '')).toBe(shown?.id);
  watching.kill('SIGTERM');
  expectExit(await watching.ended, 0);
});

test('a port that is taken costs the crawl nothing but its page', async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 2 });
  const urls = benchUrls(site.origins, 2);
  const taken = new URL(site.origins[0] ?? '').port;
  const ended = await home.crawl('run', ...urls, '--watch', '--port', taken, ...FLAGS);
  expectExit(ended, 0);
  expect(ended.stderr).toContain(`no live page: --port: cannot listen on 127.0.0.1:${taken}`);
});

test.each([
  [['watch', '--port', 'x'], '--port: expected a whole number from 0 to 65535, got "x"'],
  [['watch', '--port', '70000'], '--port: expected a whole number from 0 to 65535, got "70000"'],
  [['watch'], 'no runs yet: crawl run SOURCE starts one'],
])('%j is answered in a line', async (words, message) => {
  const home = await freshHome();
  const ended = await home.crawl(...words);
  expectExit(ended, 2);
  expect(ended.stderr).toBe(`crawl: ${message}\n`);
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { Loopback } from './servers.ts';

const COUNT = 64;
const BYTES = 20_000_000;
/** What a worker may hold while they all come at once, in MB. */
const MOST_MB = 256;

const loopback = new Loopback();
afterAll(() => loopback.close());

it('64 bodies of 20 MB at once and one that never ends stay in bounds', async () => {
  const piece = Buffer.alloc(1_000_000, 7);
  const big = await loopback.http((_, response) => {
    response.writeHead(200, { 'Content-Length': BYTES });
    let sent = 0;
    const more = () => {
      while (sent < BYTES) {
        sent += piece.length;
        if (!response.write(piece)) return void response.once('drain', more);
      }
      return void response.end();
    };
    more();
  });
  const endless = await loopback.http((_, response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write(piece));
      response.once('drain', more);
    };
    more();
  });
  const script = new URL('./many-bodies.ts', import.meta.url).pathname;
  const args = [
    '--max-semi-space-size=4',
    script,
    big.url,
    endless.url,
    String(COUNT),
    String(BYTES),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    // As infra/crawler-function.ts has it.
    env: { ...process.env, MALLOC_TRIM_THRESHOLD_: '131072' },
  });
  const { ends, maxRssMB } = JSON.parse(stdout);
  expect(ends).toEqual(['too-large', ...Array.from({ length: COUNT }, () => 'whole')]);
  expect(maxRssMB).toBeLessThan(MOST_MB);
});

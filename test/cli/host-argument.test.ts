import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHost } from '../../cli/options/host-argument.ts';
import { runMain } from './run-main.ts';

describe('a host on the command line', () => {
  it.each([
    ['example.com', 'example.com'],
    ['Example.COM.', 'example.com'],
    ['example.com:8080', 'example.com:8080'],
    ['example.com:443', 'example.com'],
    ['127.0.0.1:8080', '127.0.0.1:8080'],
    ['[::1]:8080', '[::1]:8080'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['*.example.com', '*.example.com'],
    ['https://example.com/a?b', 'example.com'],
    ['http://example.com:81', 'example.com:81'],
  ])('%s is %s', (text, host) => {
    expect(readHost(text)).toBe(host);
  });

  it.each(['', ' ', 'a b', 'a/b', 'user@a', '*', '*.', '*.https://a', 'ftp://a', 'a?b', 'a:x'])(
    'cannot be "%s"',
    (text) => {
      expect(() => readHost(text)).toThrow('expected a host');
    },
  );
});

describe('an order of a host', () => {
  let base: string;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'orders-'));
  });
  afterAll(() => rm(base, { recursive: true, force: true }));

  it.each([
    [['slow', 'a.test', 'fast'], 'expected a rate'],
    [['slow', 'a.test', '0.0001'], 'expected a rate'],
    [['slow', 'a.test', '-1'], ''],
    [['slow', 'a b', '1'], 'expected a host'],
    [['stop', '*'], 'expected a host'],
    [['stop', 'a.test'], 'no runs yet'],
    [['stop', 'a.test', '--run', 'x'], 'no runs yet'],
  ])('%j is refused', async (words, message) => {
    const { exitCode, stderr } = await runMain(base, words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

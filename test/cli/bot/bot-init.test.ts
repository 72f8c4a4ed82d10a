import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseBotKey } from '../../../adapters/bot-auth/bot-key.ts';
import { runMain } from '../run-main.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'bot-init-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const WORDS = ['bot', 'init', '--origin', 'https://bot.test', '--contact', 'bots@bot.test'];

describe('crawl bot init', () => {
  it('makes a secret key and public files', async () => {
    const { exitCode, stdout } = await runMain(base, WORDS);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('bot/key.json (secret: keep it out of repositories)');
    const key = parseBotKey(await readFile(join(base, 'bot', 'key.json'), 'utf8'));
    const { mode } = await stat(join(base, 'bot', 'key.json'));
    expect(mode & 0o077).toBe(0);
    expect(await readFile(join(base, 'bot', '.gitignore'), 'utf8')).toBe('key.json\n');
    const files = await readdir(join(base, 'bot', 'site'), { recursive: true });
    expect(files.toSorted()).toEqual([
      '.well-known',
      join('.well-known', 'http-message-signatures-directory'),
      'agent-card.json',
      'index.html',
      'robots-example.txt',
    ]);
    const directory = join(base, 'bot', 'site', '.well-known', 'http-message-signatures-directory');
    expect(JSON.parse(await readFile(directory, 'utf8')).keys[0].kid).toBe(key.thumbprint);
  });

  it('makes the header fields that the key directory is served with, as servers read them', async () => {
    const { stdout } = await runMain(base, WORDS);
    const read = (name: string) => readFile(join(base, 'bot', 'headers', name), 'utf8');
    const { Key, ContentType, Metadata } = JSON.parse(await read('s3.json'));
    expect(Key).toBe('.well-known/http-message-signatures-directory');
    expect(ContentType).toBe('application/http-message-signatures-directory+json');
    for (const [name, value] of Object.entries(Metadata)) {
      expect(await read('nginx.conf')).toContain(`  add_header ${name} '${value}';\n`);
      expect(await read('_headers')).toContain(`\n  ${name}: ${value}\n`);
    }
    expect(Object.keys(Metadata)).toEqual(['content-digest', 'signature-input', 'signature']);
    const year = new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);
    expect(stdout).toContain(`valid until ${year}`);
  });

  it('signs the directory again with all keys that are in it', async () => {
    await runMain(base, WORDS);
    await runMain(base, [...WORDS, '--dir', 'bot-2']);
    const keys = ['--key', 'bot/key.json', '--key', 'bot-2/key.json'];
    const words = ['bot', 'sign', '--origin', 'https://bot.test', '--days', '30', ...keys];
    const { exitCode, stdout } = await runMain(base, words);
    expect(exitCode).toBe(0);
    const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    expect(stdout).toContain(`until ${day}`);
    const text = await readFile(join(base, 'bot', 'headers', 's3.json'), 'utf8');
    expect(JSON.parse(text).Metadata.signature).toMatch(/^sig1=:\S+:, sig2=:\S+:$/);
  });

  it.each([
    [['--days', '0'], '--days: expected'],
    [['--dir', 'nowhere'], 'nowhere'],
    [['--key', 'nowhere.json'], '--key: nowhere.json: '],
  ])('refuses to sign with %j', async (more, message) => {
    await runMain(base, WORDS);
    const words = ['bot', 'sign', '--origin', 'https://bot.test', ...more];
    const { exitCode, stderr } = await runMain(base, words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('never replaces a key', async () => {
    await runMain(base, WORDS);
    const before = await readFile(join(base, 'bot', 'key.json'), 'utf8');
    const { exitCode, stderr } = await runMain(base, WORDS);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('bot/key.json is there already');
    expect(await readFile(join(base, 'bot', 'key.json'), 'utf8')).toBe(before);
  });

  it.each([
    [['--origin', 'http://bot.test'], 'expected an HTTPS origin'],
    [['--origin', 'https://bot.test/path'], 'expected an HTTPS origin'],
    [['--contact', 'nobody'], 'expected an e-mail address or an HTTPS URL'],
    [['--user-agent', 'Mozilla/5.0'], 'expected a product name'],
    [['--dir', ''], 'expected a folder'],
  ])('refuses %j', async (words, message) => {
    const { exitCode, stderr } = await runMain(base, [...WORDS, ...words]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(await readdir(base)).toEqual([]);
  });
});

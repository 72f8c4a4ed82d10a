import { describe, expect, it } from 'vitest';
import { pageOptions, readPageSettings } from '../../../cli/options/page-settings.ts';
import { runMain } from '../run-main.ts';

const read = (typed: object) => readPageSettings(pageOptions.parse(typed));

describe('the settings of pages', () => {
  it('are absent without --pages', () => {
    expect(read({})).toEqual({ kind: 'settings', pages: undefined });
  });

  it('are those of a whole site when nothing else is typed', () => {
    expect(read({ pages: true })).toEqual({
      kind: 'settings',
      pages: {
        depth: 1000,
        maxPages: 10_000,
        maxChain: 200,
        scope: 'host',
        imageScope: 'any',
        include: [],
        exclude: [],
        best: false,
        sitemaps: true,
      },
    });
  });

  it('are what is typed', () => {
    const typed = { depth: '0', maxPages: '7', maxChain: '9', scope: 'domain', imageScope: 'host' };
    const lists = { include: ['*/a/*'], exclude: ['/b/', 'c'], best: true, sitemaps: false };
    expect(read({ pages: true, ...typed, ...lists })).toEqual({
      kind: 'settings',
      pages: {
        depth: 0,
        maxPages: 7,
        maxChain: 9,
        scope: 'domain',
        imageScope: 'host',
        ...lists,
        best: true,
        sitemaps: false,
      },
    });
  });

  it.each([
    [{ depth: '-1' }, '--depth: expected a whole number from 0 to 1000000, got "-1"'],
    [{ depth: '1000001' }, '--depth: expected a whole number from 0 to 1000000, got "1000001"'],
    [{ maxChain: '0' }, '--max-chain: expected a whole number from 1, got "0"'],
    [{ maxPages: '0' }, '--max-pages: expected a whole number from 1, got "0"'],
    [{ maxPages: 'many' }, '--max-pages: expected a whole number from 1, got "many"'],
    [{ exclude: [''] }, '--exclude : expected a pattern'],
    [{ include: ['/(/'] }, /^--include \/\(\/: error parsing regexp/],
  ])('that are wrong are told: %o', (typed, problem) => {
    const told = read({ pages: true, ...typed });
    expect(told).toEqual({ kind: 'problems', problems: [expect.stringMatching(problem)] });
  });

  it('are told all together', () => {
    const told = read({ pages: true, depth: 'x', maxPages: 'y', include: ['/[/'] });
    expect(told).toMatchObject({ kind: 'problems', problems: { length: 3 } });
  });

  it.each(['depth', 'maxPages', 'maxChain', 'scope', 'imageScope', 'include', 'exclude', 'best'])(
    'go with --pages: %s',
    (name) => {
      const values = {
        scope: 'any',
        imageScope: 'any',
        include: ['a'],
        exclude: ['a'],
        best: true,
      };
      const typed = { depth: '1', maxPages: '1', maxChain: '1', ...values };
      const told = read({ [name]: Object.entries(typed).find(([key]) => key === name)?.[1] });
      expect(told).toEqual({
        kind: 'problems',
        problems: [expect.stringMatching(/^--[a-z-]+ goes with --pages$/)],
      });
    },
  );
});

it('a pattern takes only the word behind it, and every one of them is read', async () => {
  const words = ['--exclude', '/(/', '--exclude', '/[/', 'http://a.test/'];
  const { exitCode, stderr } = await runMain('.', ['run', '--pages', ...words]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/--exclude \/\(\/: .*\n.*--exclude \/\[\/: /);
});

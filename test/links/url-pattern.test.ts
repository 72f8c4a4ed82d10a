import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../adapters/links/url-pattern.ts';

function matches(pattern: string, url: string): boolean {
  const parsed = parsePattern(pattern);
  if (parsed.kind === 'bad') throw new Error(parsed.problem);
  return parsed.pattern.matches(url);
}

describe('a pattern', () => {
  it.each([
    ['/blog/2026', 'https://a.test/blog/2026/x', true],
    ['*/blog/*', 'https://a.test/blog/x', true],
    ['*/blog/*', 'https://a.test/blog', false],
    ['https://a.test/*', 'https://a.test/x/y', true],
    ['https://a.test/*', 'http://a.test/x', false],
    ['*.svg', 'https://a.test/x.svg', true],
    ['*.svg', 'https://a.test/x.svg?v=1', false],
    ['*a*a*', 'xax', false],
    ['*ab*b', 'ab', false],
    ['/\\.svg(\\?|$)/', 'https://a.test/x.svg?v=1', true],
    ['/^https:/', 'http://a.test/', false],
    ['//', 'https://a.test/', true],
  ])('%s on %s: %s', (pattern, url, expected) => {
    expect(matches(pattern, url)).toBe(expected);
  });

  it('takes time in the length of the URL only', () => {
    const beganMs = process.cpuUsage().user;
    expect(matches(`${'*a'.repeat(400)}*b`, 'a'.repeat(8000))).toBe(false);
    expect((process.cpuUsage().user - beganMs) / 1000).toBeLessThan(200);
  });

  it('takes no more for an expression that is a puzzle to others', () => {
    const before = process.cpuUsage().user;
    expect(matches('/^(?:[a-z]+)+$/', `${'a'.repeat(8000)}!`)).toBe(false);
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(500);
  });

  it.each(['', '/(/', '/[z-a]/', '/(?=a)b/', '/(a)\\1/'])(
    'that cannot be read says why: %s',
    (pattern) => {
      expect(parsePattern(pattern).kind).toBe('bad');
    },
  );
});

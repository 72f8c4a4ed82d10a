import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RobotsRules } from '../../../core/model/robots-rules.ts';
import { readRobots } from '../../../core/robots/read-robots.ts';
import { RobotsMatcher } from '../../../core/robots/robots-matcher.ts';
import { cpuTimeMs } from '../../cpu-time.ts';
import { bytes, judge, judgeRules } from './judge.ts';

/** A pattern, paths that it matches, and paths that it does not. */
const PATTERNS = [
  ['/', ['', '/', '/a', '/?q'], []],
  [
    '/fish',
    ['/fish', '/fish.html', '/fish/a', '/fishheads', '/fish?id=1'],
    ['/Fish', '/catfish', '/?id=fish'],
  ],
  ['/fish*', ['/fish', '/fish.html', '/fishheads/a'], ['/Fish', '/catfish']],
  ['/fish/', ['/fish/', '/fish/?id=1', '/fish/a'], ['/fish', '/fish.html', '/Fish/a']],
  [
    '/*.php',
    ['/a.php', '/a/b.php?c', '/a/any.php.html', '/a.php/', '/i?f=a.php/'],
    ['/', '/a.PHP', '/php/'],
  ],
  ['/*.php$', ['/a.php', '/a/b.php', '/a.php.php'], ['/a.php?b', '/a.php/', '/a.php5', '/php/']],
  ['/fish*.php', ['/fish.php', '/fishheads/cat.php?a'], ['/Fish.PHP', '/fish.html']],
  ['*.gif$', ['/a.gif', '/a/b.gif'], ['/a.gif?b', '/gif']],
  ['*', ['/', '/a'], []],
  ['*m', ['/m', '/foo.html'], ['/foo', '/foo/bar.txt']],
  ['/$', ['/'], ['/a', '/?a']],
  ['/a$', ['/a'], ['/a/', '/ab', '/']],
  ['/*$', ['/', '/a'], []],
  ['/a*$', ['/a', '/ab'], ['/b']],
  ['/a*a$', ['/aa', '/aba', '/aaa'], ['/a', '/ab']],
  ['/a*b*c', ['/abc', '/a1b2c3'], ['/acb', '/ab']],
  ['/*a*aa$', ['/aaa', '/baaa'], ['/aa', '/aaab']],
  ['/**a***b', ['/ab', '/xaxbx'], ['/ba']],
  ['/x$/a', ['/x$/a', '/x$/ab', '/x%24/a'], ['/x', '/x/a']],
  ['/x*x$/a', ['/xbx$/a', '/x1x%24/ab'], ['/xbx']],
  ['/a?', ['/a?', '/a?b'], ['/a', '/ab']],
  ['/?', ['/?', '/?q'], ['/', '/a?q']],
  ['/;', ['/;p'], ['/']],
  ['/*s=', ['/?s=1', '/a?b=1&s=2'], ['/', '/s/']],
  ['//a/*', ['//a/', '//a/b'], ['/a/b', '//a']],
] as const;

/** Pattern and path are two spellings of the same, or are not (RFC 9309, section 2.2.2). */
const SPELLINGS = [
  ['an unescaped character of UTF-8', '/ä', '/%C3%A4', true],
  ['an escaped one', '/%C3%A4', '/ä', true],
  ['three octets', '/foo/ツ', '/foo/%E3%83%84', true],
  ['four octets', '/😀', '/%F0%9F%98%80', true],
  ['escapes in lower case', '/%c3%a4', '/%C3%A4', true],
  ['a path in lower case', '/%C3%A4', '/%c3%a4', true],
  ['an escaped unreserved character', '/%7Ejoe/', '/~joe/', true],
  ['an unescaped one', '/~joe/', '/%7ejoe/', true],
  ['escaped letters', '/foo/%62%61%7A', '/foo/baz', true],
  ['letters that the path escapes', '/foo/baz', '/foo/%62%61%7A', true],
  ['a character that must be escaped', '/a<d.html', '/a%3cd.html', true],
  ['the same the other way', '/a%3Cd.html', '/a<d.html', true],
  ['space', '/a b', '/a%20b', true],
  ['an octet that is no UTF-8', '/caf%E9', '/caf%e9', true],
  ['an escaped star is a star', '/file-%2A.html', '/file-*.html', true],
  ['an escaped star is no wildcard', '/file-%2A.html', '/file-a.html', false],
  ['an escaped dollar sign is one', '/foo-%24', '/foo-$', true],
  ['an escaped dollar sign ends nothing', '/foo-%24', '/foo-$bar', true],
  ["an escaped dollar sign at a path's end", '/foo-%24', '/foo-', false],
  ['an escaped slash is no slash', '/a%2Fb', '/a/b', false],
  ['a slash is no escaped one', '/a/b', '/a%2Fb', false],
  ['an escaped slash is itself', '/a%2fb', '/a%2Fb', true],
  ['an escaped question mark begins no query', '/a%3Fb', '/a?b', false],
  ['an escaped ampersand parts nothing', '/?a%26b', '/?a&b', false],
  ['an escaped plus sign is no space', '/?a%2Bb', '/?a+b', false],
  ['an escaped semicolon begins no parameter', '/a%3Bb', '/a;b', false],
  ['an escaped percent sign', '/100%25', '/100%25', true],
  ['an escaped escape', '/a%2541', '/aA', false],
  ['a reserved character without a task', '/wiki/Special:Search', '/wiki/Special%3ASearch', true],
  ['the same the other way', '/wiki/Special%3a', '/wiki/Special:Search', true],
  ['an address in a query', '/a?b=https://c.test', '/a?b=https%3A%2F%2Fc.test', true],
  ['an address in a query, escaped', '/a?b=https%3a%2f%2fc.test', '/a?b=https://c.test', true],
  ['an address in a query, as it is', '/a?b=http://c.test?d&e', '/a?b=http://c.test?d&e', true],
  ['an escaped slash anywhere', '/*%2F', '/a?b=%2Fc', true],
  ['an escaped slash anywhere, in a path', '/*%2F', '/a%2Fc', true],
  ['an escaped slash that is not there', '/*%2F', '/a/b?c=d', false],
  ['a slash of a query', '/*/c', '/a?b=%2Fc', true],
  ['a stray percent sign', '/100%', '/100%', true],
  ['any percent sign', '/*%', '/a%20b', true],
  ['no percent sign', '/*%', '/a:b', false],
  ['dot segments', '/private/', '/a/../private/b', true],
  ['a backslash', '/a/b', '/a\\b', true],
  ['a fragment is never sent', '/a$', '/a#b', true],
  ['an empty fragment', '/a$', '/a#', true],
] as const;

/** Rules of one group, a path, and what becomes of it. */
const PRECEDENCE = [
  ['the longer disallows', ['Disallow: /x/page.html', 'Allow: /x/'], '/x/page.html', 'disallowed'],
  ['the longer allows', ['Allow: /x/page.html', 'Disallow: /x/'], '/x/page.html', 'allowed'],
  ['the longer does not match', ['Allow: /x/page.html', 'Disallow: /x/'], '/x/', 'disallowed'],
  ['equals allow', ['Disallow: /a', 'Allow: /a'], '/a/b', 'allowed'],
  ['equals allow in another order', ['Allow: /a', 'Disallow: /a'], '/a/b', 'allowed'],
  ['equals in two spellings', ['Disallow: /%7ea', 'Allow: /~a'], '/~a', 'allowed'],
  ['octets count, not characters', ['Disallow: /ää', 'Allow: /*????'], '/ää????', 'disallowed'],
  ['equal wildcard and path', ['Allow: /', 'Disallow: *'], '/a', 'allowed'],
  ['a wildcard counts', ['Allow: /fish', 'Disallow: /fish*'], '/fish', 'disallowed'],
  ['an end counts', ['Disallow: /fish', 'Allow: /fish$'], '/fish', 'allowed'],
  ['a longer pattern', ['Allow: /page', 'Disallow: /*.html'], '/page.html', 'disallowed'],
  ['a shorter pattern', ['Allow: /x/page.', 'Disallow: /*.html'], '/x/page.html', 'allowed'],
  ['the root only', ['Allow: /$', 'Disallow: /'], '/', 'allowed'],
  ['not the root', ['Allow: /$', 'Disallow: /'], '/page.html', 'disallowed'],
  [
    'the longer in either spelling',
    ['Disallow: /a?b=/c', 'Allow: /*%2Fc'],
    '/a?b=%2Fc',
    'disallowed',
  ],
  ['the longer in the other', ['Disallow: /a?b=/c', 'Allow: /*b=%2Fc'], '/a?b=%2Fc', 'allowed'],
  ['no rule matches', ['Disallow: /a'], '/b', 'allowed'],
  ['robots.txt itself', ['Disallow: /'], '/robots.txt', 'allowed'],
  ['robots.txt, escaped', ['Disallow: /'], '/%72obots.txt', 'allowed'],
  ['robots.txt with a query', ['Disallow: /'], '/robots.txt?a', 'disallowed'],
  ['robots.txt elsewhere', ['Disallow: /'], '/a/robots.txt', 'disallowed'],
  ['index.html is no directory', ['Allow: /a/index.html', 'Disallow: /'], '/a/', 'disallowed'],
] as const;

describe('a pattern matches from the first octet of the path', () => {
  const cases = PATTERNS.flatMap(([pattern, yes, no]) => [
    ...yes.map((path) => [pattern, 'matches', path, 'disallowed'] as const),
    ...no.map((path) => [pattern, 'does not match', path, 'allowed'] as const),
  ]);

  it.each(cases)('%s %s %s', (pattern, _, path, expected) => {
    expect(judgeRules(`Disallow: ${pattern}`, path)).toBe(expected);
  });
});

describe('spellings', () => {
  it.each(SPELLINGS)('%s: %s and %s', (_, pattern, path, same) => {
    expect(judgeRules(`Disallow: ${pattern}`, path)).toBe(same ? 'disallowed' : 'allowed');
  });
});

describe('the longest rule wins, of equals the one that allows', () => {
  it.each(PRECEDENCE)('%s', (_, rules, path, expected) => {
    expect(judgeRules(rules, path)).toBe(expected);
  });
});

describe('a refusal', () => {
  const file = 'User-agent: *\nDisallow: /a\n\n# why\ndissallow: /private*  # not this\n';

  it('names the rule as written, and its line', () => {
    const expected = { kind: 'disallowed', rule: 'Disallow: /private*', line: 5 };
    expect(judge(file, '/private/x')).toEqual(expected);
  });

  it('names the first of rules that say the same', () => {
    const twice = 'User-agent: *\nDisallow: /%7ea\nDisallow: /~a\nDisallow: /%7ea\n';
    expect(judge(twice, '/~a')).toEqual({ kind: 'disallowed', rule: 'Disallow: /%7ea', line: 2 });
  });

  it('throws on what is no URL', () => {
    const matcher = new RobotsMatcher(readRobots(bytes(file), 'FooBot'));
    expect(() => matcher.judge('/private')).toThrow(TypeError);
  });
});

/** The definition itself, letter by letter, in exponential time. */
function plainlyMatches(pattern: string, path: string): boolean {
  if (pattern === '') return true;
  if (pattern === '$') return path === '';
  if (pattern.startsWith('*')) {
    const rest = pattern.slice(1);
    return plainlyMatches(rest, path) || (path !== '' && plainlyMatches(pattern, path.slice(1)));
  }
  return path !== '' && pattern[0] === path[0] && plainlyMatches(pattern.slice(1), path.slice(1));
}

function plainlyAllowed({ allow, disallow }: RobotsRules, path: string): boolean {
  const longest = (rules: RobotsRules['allow']) => {
    const hits = rules.filter(([pattern]) => plainlyMatches(pattern, path));
    return Math.max(0, ...hits.map(([pattern]) => pattern.length));
  };
  return longest(allow) >= longest(disallow);
}

function rulesOf(allow: readonly string[], disallow: readonly string[]): RobotsRules {
  const numbered = (patterns: readonly string[]) => patterns.map((one, at) => [one, at] as const);
  return { allow: numbered(allow), disallow: numbered(disallow), sitemaps: [] };
}

const joined = (letters: string, maxLength: number) => {
  return fc.array(fc.constantFrom(...letters), { maxLength }).map((parts) => parts.join(''));
};
const pattern = fc
  .tuple(fc.constantFrom('/', '*'), joined('aaabb/**$', 7))
  .map((two) => two.join(''));
const patterns = fc.array(pattern, { maxLength: 4 });

describe('the matcher', () => {
  it('agrees with the definition', () => {
    fc.assert(
      fc.property(patterns, patterns, joined('aaabb/*$', 9), (allow, disallow, rest) => {
        const rules = rulesOf(allow, disallow);
        const expected = plainlyAllowed(rules, `/${rest}`) ? 'allowed' : 'disallowed';
        const verdict = new RobotsMatcher(rules).judge(`http://example.com/${rest}`);
        expect(verdict.kind).toBe(expected);
      }),
      { numRuns: 20_000, seed: 9309 },
    );
  });

  it('does not care how rules and paths are spelled', () => {
    const letters = fc.array(fc.constantFrom(...'ab~:/?=&ä<%'), { maxLength: 8 });
    const ways = fc.infiniteStream(fc.nat(2));
    fc.assert(
      fc.property(letters, letters, ways, (inPath, inRule, stream) => {
        const spell = (characters: readonly string[]) => {
          return `/${characters.map((one) => spelled(one, stream.next().value)).join('')}`;
        };
        const plain = (characters: readonly string[]) =>
          `/${characters.map((one) => spelled(one, 0)).join('')}`;
        const verdict = (rule: string, path: string) => {
          return new RobotsMatcher(rulesOf([], [rule])).judge(`http://example.com${path}`).kind;
        };
        expect(verdict(spell(inRule), spell(inPath))).toBe(verdict(plain(inRule), plain(inPath)));
      }),
      { numRuns: 5000, seed: 3986 },
    );
  });
});

/** A character plainly or escaped, in either case of the digits; separators have one spelling. */
function spelled(character: string, way: number): string {
  if ('/?=&'.includes(character)) return character;
  if (way === 0 && character !== '%') return character;
  const escaped = [...new TextEncoder().encode(character)]
    .map((octet) => `%${octet.toString(16).padStart(2, '0')}`)
    .join('');
  return way === 1 ? escaped : escaped.toUpperCase();
}

describe('hostile rules and paths', () => {
  const longest = 'a'.repeat(8000);

  it.each([
    ['many wildcards', `Disallow: /${'*a'.repeat(8000)}b`, longest],
    [
      'a wildcard before each of many repetitions',
      `Disallow: /${'*aaaaaaaa'.repeat(1800)}b`,
      longest,
    ],
    ['a part that nearly fits everywhere', `Disallow: /*${'a'.repeat(4000)}b`, longest],
    ['many such rules', Array.from({ length: 10_000 }, (_, at) => `Allow: /*a${at}`), longest],
    ['many paths', Array.from({ length: 45_000 }, (_, at) => `Allow:/${at}`), longest],
    [
      'many lengths',
      Array.from({ length: 1000 }, (_, at) => `Allow:/${'a'.repeat(at)}`),
      `${longest}b`,
    ],
  ])('are judged in time: %s', (_, rules, path) => {
    const tookMs = cpuTimeMs(() => expect(judgeRules(rules, `/${path}`)).toBe('allowed'));
    // Many times what it takes; with backtracking it would take years.
    expect(tookMs).toBeLessThan(10_000);
  });
});

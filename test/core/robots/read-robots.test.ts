import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RobotsRules } from '../../../core/model/robots-rules.ts';
import { MAX_SITEMAPS, readRobots } from '../../../core/robots/read-robots.ts';
import { MAX_ROBOTS_BYTES } from '../../../core/robots/robots-lines.ts';
import { RobotsMatcher } from '../../../core/robots/robots-matcher.ts';
import { bytes, judge, judgeRules } from './judge.ts';

const GROUPS = `allow: /foo/bar/

user-agent: FooBot
disallow: /
allow: /x/
user-agent: BarBot
disallow: /
allow: /y/


allow: /w/
user-agent: BazBot

user-agent: FooBot
allow: /z/
disallow: /
`;

/** Which group concerns a crawler (RFC 9309, section 2.2.1): file, token, path, verdict. */
const WHOSE = [
  ['the first of two groups', GROUPS, 'FooBot', '/x/b', 'allowed'],
  ['the second of two groups', GROUPS, 'FooBot', '/z/d', 'allowed'],
  ['not another group', GROUPS, 'FooBot', '/y/c', 'disallowed'],
  ['a group with empty lines', GROUPS, 'BarBot', '/w/a', 'allowed'],
  ['lines that share their rules', GROUPS, 'BazBot', '/z/d', 'allowed'],
  ['rules before any user-agent', GROUPS, 'BazBot', '/foo/bar/', 'disallowed'],
  ['nobody named', GROUPS, 'QuxBot', '/y/c', 'allowed'],
  ['an empty file', '', 'FooBot', '/', 'allowed'],
  [
    'a group of our own',
    'user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /',
    'FooBot',
    '/',
    'disallowed',
  ],
  [
    'the group of everyone',
    'user-agent: *\ndisallow: /x\nuser-agent: FooBot\nallow: /',
    'BarBot',
    '/x',
    'disallowed',
  ],
  [
    'everyone is not us',
    'user-agent: *\ndisallow: /x\nuser-agent: FooBot\ndisallow: /y',
    'FooBot',
    '/x',
    'allowed',
  ],
  [
    'everyone after us',
    'user-agent: FooBot\ndisallow: /y\nuser-agent: *\ndisallow: /x',
    'FooBot',
    '/x',
    'allowed',
  ],
  [
    'two groups of everyone',
    'user-agent: *\ndisallow: /x\nuser-agent: a\nuser-agent: *\ndisallow: /y',
    'FooBot',
    '/x',
    'disallowed',
  ],
  [
    'a group of ours without rules',
    'user-agent: *\ndisallow: /\nuser-agent: FooBot\n',
    'FooBot',
    '/',
    'allowed',
  ],
  [
    'a group of ours with an empty rule',
    'user-agent: *\ndisallow: /\nuser-agent: FooBot\ndisallow:',
    'FooBot',
    '/',
    'allowed',
  ],
  [
    'us and everyone in one group',
    'user-agent: FooBot\nuser-agent: *\ndisallow: /',
    'FooBot',
    '/',
    'disallowed',
  ],
  [
    'an empty rule ends the user-agents',
    'user-agent: FooBot\ndisallow:\nuser-agent: BarBot\ndisallow: /',
    'FooBot',
    '/',
    'allowed',
  ],
  [
    'a rule without slash ends them too',
    'user-agent: FooBot\ndisallow: x\nuser-agent: BarBot\ndisallow: /',
    'FooBot',
    '/',
    'allowed',
  ],
  [
    'a sitemap does not',
    'user-agent: BarBot\nsitemap: https://a.test/s\nuser-agent: *\ndisallow: /',
    'BarBot',
    '/',
    'disallowed',
  ],
  [
    'an unknown line does not',
    'user-agent: FooBot\nunknown: x\nuser-agent: *\ndisallow: /',
    'FooBot',
    '/',
    'disallowed',
  ],
  [
    'a delay does not',
    'user-agent: FooBot\ncrawl-delay: 1\nuser-agent: BarBot\ndisallow: /',
    'FooBot',
    '/',
    'disallowed',
  ],
  [
    'a line that is nothing does not',
    'user-agent: FooBot\nhello\nuser-agent: BarBot\ndisallow: /',
    'FooBot',
    '/',
    'disallowed',
  ],
] as const;

/** What stands in a user-agent line, a token, and whether the line names it. */
const AGENTS = [
  ['FooBot', 'FooBot', true],
  ['FOOBOT', 'foobot', true],
  ['FooBot/1.0', 'FooBot', true],
  ['FooBot 1.0 (compatible)', 'FooBot', true],
  ['FooBot*', 'FooBot', true],
  ['Foo Bar', 'Foo', true],
  ['Foo Bar', 'Foo Bar', false],
  ['foo_bar-baz', 'Foo_Bar-Baz', true],
  ['FooBots', 'FooBot', false],
  ['Foo', 'FooBot', false],
  ['Foo-Bot', 'Foo', false],
  ['img2dataset', 'img2dataset', true],
  ['img2dataset/1.45', 'img2dataset', true],
  ['img', 'img2dataset', false],
  ['2bot', '2bot', true],
  ['1bot', '2bot', false],
  ['', 'FooBot', false],
  ['123', '', false],
  ['*', 'FooBot', true],
  ['* everyone', 'FooBot', true],
  ['*\tall of you', 'FooBot', true],
  ['*bot', 'FooBot', false],
] as const;

/** One line of a group of everyone, and whether it disallows `/x`. */
const LINES = [
  ['disallow: /x', true],
  ['DISALLOW: /x', true],
  ['dIsAlLoW:/x', true],
  ['  disallow  :  /x  ', true],
  ['\tdisallow\t:\t/x\t', true],
  ['disallow: /x # no', true],
  ['disallow: /x#no', true],
  ['# disallow: /x', false],
  ['disallow: # /x', false],
  ['disallow /x', true],
  ['disallow\t/x', true],
  ['disallow /x # no colon', true],
  ['disallow /x y', false],
  ['disallow', false],
  [': /x', false],
  ['disallow=/x', false],
  ['dissallow: /x', true],
  ['dissalow: /x', true],
  ['disalow: /x', true],
  ['diasllow: /x', true],
  ['disallaw: /x', true],
  ['disallows: /x', true],
  ['dis allow: /x', false],
  ['no-disallow: /x', false],
  ['disallow: x', false],
  ['disallow: http://example.com/x', false],
  ['disallow: */x', true],
  ['disallow:', false],
  ['disallow:: /x', false],
  ['noindex: /x', false],
] as const;

describe('the group of a crawler', () => {
  it.each(WHOSE)('%s', (_, file, token, path, expected) => {
    expect(judge(file, path, token).kind).toBe(expected);
  });

  it.each(AGENTS)('a line for "%s" and the token "%s": %s', (line, token, named) => {
    const expected = named ? 'disallowed' : 'allowed';
    expect(judge(`user-agent: ${line}\ndisallow: /`, '/', token).kind).toBe(expected);
  });

  it.each(['user-agent', 'User-Agent', 'USERAGENT', 'user agent'])('begins with %s', (name) => {
    expect(judge(`${name}: FooBot\ndisallow: /`, '/').kind).toBe('disallowed');
  });
});

describe('a line', () => {
  it.each(LINES)('%j', (line, disallows) => {
    expect(judgeRules(line, '/x')).toBe(disallows ? 'disallowed' : 'allowed');
  });

  it.each([
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
  ])('ends in %s', (_, end) => {
    const file = ['User-Agent: a', 'Allow: /b', 'User-Agent: FooBot', '', '', 'Disallow: /'];
    expect(judge(file.join(end), '/b')).toMatchObject({ kind: 'disallowed', line: 6 });
  });

  it('is cut where it is longer than eight longest URLs', () => {
    const kept = `/x/${'a'.repeat(2083 * 8 - 1 - 'disallow: /x/'.length - 1)}`;
    const file = `user-agent: FooBot\ndisallow: ${kept}/qux\n`;
    expect(judge(file, `${kept}/fux`).kind).toBe('disallowed');
    expect(judge(file, '/x/').kind).toBe('allowed');
  });
});

describe('bytes', () => {
  const rest = [...bytes('user-agent: *\ndisallow: /x\n')];
  const wide = [...'user-agent: *\ndisallow: /ä\n'].map((one) => one.charCodeAt(0));

  it.each([
    ['a byte order mark', [0xef, 0xbb, 0xbf, ...rest], 'disallowed'],
    ['two thirds of one', [0xef, 0xbb, ...rest], 'disallowed'],
    ['a third of one', [0xef, ...rest], 'disallowed'],
    ['another mark', [0xef, 0x11, 0xbf, ...rest], 'allowed'],
    [
      'a mark before a later line',
      [...rest.slice(0, 14), 0xef, 0xbb, 0xbf, ...rest.slice(14)],
      'allowed',
    ],
    ['NUL before a line', [...rest.slice(0, 14), 0, ...rest.slice(14)], 'allowed'],
    ['noise before', [0, 1, 0xff, 0x0a, ...rest], 'disallowed'],
    ['noise after', [...rest, 0, 0xfe, 0xc3, 0x0a, 0x80], 'disallowed'],
  ])('%s', (_, file, expected) => {
    expect(judge(bytes(file), '/x').kind).toBe(expected);
  });

  it.each([
    ['least octet first', [0xff, 0xfe, ...wide.flatMap((code) => [code, 0])]],
    ['least octet last', [0xfe, 0xff, ...wide.flatMap((code) => [0, code])]],
  ])('UTF-16, %s', (_, file) => {
    expect(judge(bytes(file), '/%C3%A4')).toMatchObject({ rule: 'Disallow: /ä', line: 2 });
  });

  it('that are no UTF-8 match the same bytes of a URL', () => {
    const file = [...bytes('user-agent: *\ndisallow: /caf'), 0xe9, ...bytes('/bar')];
    expect(judge(bytes(file), '/caf%E9/bar')).toMatchObject({ rule: 'Disallow: /caf%E9/bar' });
    expect(judge(bytes(file), '/caf%C3%A9/bar').kind).toBe('allowed');
  });

  it('keep a character whose last octet is a space of another encoding', () => {
    expect(judgeRules('Disallow: /à', '/%C3%A0')).toBe('disallowed');
    expect(judgeRules('Disallow: /à', '/%C3x')).toBe('allowed');
  });

  it('that would act on a terminal are escaped', () => {
    const file = 'user-agent: *\ndisallow: /a\u0000\u001b[31m\u009b\u202e\u007f\n';
    const rule = 'Disallow: /a%00%1B[31m%C2%9B%E2%80%AE%7F';
    expect(judge(file, '/a%00%1b%5b31m%c2%9b%e2%80%ae%7f')).toMatchObject({ rule });
  });

  it('of something else are a file without rules', () => {
    const page =
      '<!doctype html>\n<title>Not found</title>\n<p>Sorry: user-agent not allowed</p>\n';
    expect(readRobots(bytes(page), 'FooBot')).toEqual({ allow: [], disallow: [], sitemaps: [] });
  });
});

describe('the limit of a file', () => {
  const head = 'user-agent: *\ndisallow: /a\n';
  /** A file in which `line` begins `room` bytes before the limit. */
  const withRoom = (room: number, line: string) => {
    return `${head}${'#'.repeat(MAX_ROBOTS_BYTES - head.length - room - 1)}\n${line}`;
  };

  it.each([
    ['a line that ends with it', withRoom(12, 'disallow: /b\n'), 'disallowed'],
    ['a last line that ends with it', withRoom(12, 'disallow: /b'), 'disallowed'],
    ['a line that is cut by one byte', withRoom(11, 'disallow: /b\n'), 'allowed'],
    ['a path that is cut', withRoom(11, 'disallow: /bcd\n'), 'allowed'],
    ['a line after it', withRoom(0, 'disallow: /b\n'), 'allowed'],
  ])('%s', (_, file, expected) => {
    expect(judge(file, '/b').kind).toBe(expected);
    expect(judge(file, '/a').kind).toBe('disallowed');
  });

  it('leaves nothing of one endless line', () => {
    const file = `user-agent: *${' '.repeat(MAX_ROBOTS_BYTES)}\ndisallow: /\n`;
    expect(judge(file, '/').kind).toBe('allowed');
  });
});

describe('crawl-delay', () => {
  const delay = (file: string, token = 'FooBot') => readRobots(bytes(file), token).crawlDelayMs;

  it.each([
    ['10', 10_000],
    [' 10 ', 10_000],
    ['1.5', 1500],
    ['0.25', 250],
    ['.5', 500],
    ['2.', 2000],
    ['0', 0],
    ['10 # seconds', 10_000],
    ['', undefined],
    ['soon', undefined],
    ['-1', undefined],
    ['1,5', undefined],
    ['10 s', undefined],
    ['1e3', undefined],
    ['Infinity', undefined],
    ['99999999999999999999', undefined],
  ])('"%s"', (value, expected) => {
    expect(delay(`user-agent: *\ncrawl-delay: ${value}`)).toBe(expected);
  });

  it.each([
    [
      'the largest of several',
      'user-agent: *\ncrawl-delay: 1\ncrawl-delay: 3\ncrawl-delay: 2',
      3000,
    ],
    ['a bad one beside a good one', 'user-agent: *\ncrawl-delay: 1\ncrawl-delay: x', 1000],
    [
      'of two groups of ours',
      'user-agent: foobot\ncrawl-delay: 1\ndisallow:\nuser-agent: foobot\ncrawl-delay: 2',
      2000,
    ],
    [
      'not of everyone',
      'user-agent: *\ncrawl-delay: 9\nallow: /\nuser-agent: foobot\nallow: /',
      undefined,
    ],
    [
      'not of another',
      'user-agent: barbot\ncrawl-delay: 9\nallow: /\nuser-agent: *\nallow: /',
      undefined,
    ],
    [
      'for those named so far',
      'user-agent: foobot\ncrawl-delay: 1\nuser-agent: barbot\ncrawl-delay: 9\nuser-agent: foobot',
      9000,
    ],
    [
      'not for those named later',
      'user-agent: barbot\ncrawl-delay: 9\nuser-agent: foobot\ncrawl-delay: 1\n',
      1000,
    ],
    ['before any user-agent', 'crawl-delay: 9\nuser-agent: *\nallow: /', undefined],
    [
      'other paces are not delays',
      'user-agent: *\nrequest-rate: 1/10\nvisit-time: 0600-0845',
      undefined,
    ],
  ])('%s', (_, file, expected) => {
    expect(delay(file)).toBe(expected);
  });
});

describe('sitemaps', () => {
  it('are found anywhere, once each, for every crawler', () => {
    const file = `Sitemap: https://example.com/1.xml
user-agent: a
SITEMAP:https://example.com/2.xml # the second
disallow: /
site-map: /3.xml
sitemap:
sitemap: https://example.com/1.xml
`;
    const expected = ['https://example.com/1.xml', 'https://example.com/2.xml', '/3.xml'];
    expect(readRobots(bytes(file), 'FooBot').sitemaps).toEqual(expected);
  });

  it('are bounded', () => {
    const lines = Array.from({ length: MAX_SITEMAPS + 1 }, (_, at) => `sitemap: /${at}`);
    expect(readRobots(bytes(lines.join('\n')), 'FooBot').sitemaps).toHaveLength(MAX_SITEMAPS);
  });
});

describe('what is kept', () => {
  it('is plain JSON of what concerns one token', () => {
    const file =
      'user-agent: a\ndisallow: /a\nuser-agent: *\nallow: /ä\ndisallow: /\ndisallow: /\ncrawl-delay: 1';
    const expected = {
      allow: [['/ä', 4]],
      disallow: [['/', 5]],
      crawlDelayMs: 1000,
      sitemaps: [],
    };
    expect(readRobots(bytes(file), 'FooBot')).toStrictEqual(expected);
  });

  const path = fc
    .array(fc.constantFrom(...'ab/*$?%:ä ツ'), { maxLength: 6 })
    .map((parts) => `/${parts.join('')}`.trimEnd());
  const lists = fc.record({
    allow: fc.uniqueArray(path, { maxLength: 5 }),
    disallow: fc.uniqueArray(path, { maxLength: 5 }),
    crawlDelayMs: fc.nat(1e6),
    sitemaps: fc.uniqueArray(path, { maxLength: 3 }),
  });

  it('is read again from what it is written as', () => {
    fc.assert(
      fc.property(lists, fc.constantFrom('\n', '\r', '\r\n'), (wanted, end) => {
        const file = written(wanted).join(end);
        expect(namesOf(readRobots(bytes(file), 'FooBot'))).toEqual(wanted);
      }),
      { numRuns: 500, seed: 9309 },
    );
  });

  const line = fc.oneof(
    fc.constantFrom(
      'user-agent: *',
      'user-agent: FooBot',
      'disallow: /',
      'allow: /a*',
      'sitemap: /s',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }).map((text) => `disallow: /${text}`),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(line, { maxLength: 10 }).map((lines) => bytes(lines.join('\n'))),
  );

  it('judges the same after a stay in a table, whatever the bytes were', () => {
    fc.assert(
      fc.property(noise, fc.webUrl(), (body, url) => {
        const rules = readRobots(body, 'FooBot');
        const kept: RobotsRules = JSON.parse(JSON.stringify(rules));
        expect(kept).toEqual(rules);
        const verdict = new RobotsMatcher(rules).judge(url);
        expect(new RobotsMatcher(kept).judge(url)).toEqual(verdict);
      }),
      { numRuns: 1000, seed: 9309 },
    );
  });
});

type Lists = ReturnType<typeof namesOf>;

function namesOf({ allow, disallow, crawlDelayMs, sitemaps }: RobotsRules) {
  const patterns = (rules: RobotsRules['allow']) => rules.map(([pattern]) => pattern);
  return { allow: patterns(allow), disallow: patterns(disallow), crawlDelayMs, sitemaps };
}

function written({ allow, disallow, crawlDelayMs = 0, sitemaps }: Lists): readonly string[] {
  return [
    'User-agent: FooBot',
    ...allow.map((pattern) => `Allow: ${pattern}`),
    ...disallow.map((pattern) => `Disallow: ${pattern}`),
    `Crawl-delay: ${crawlDelayMs / 1000}`,
    ...sitemaps.map((sitemap) => `Sitemap: ${sitemap}`),
  ];
}

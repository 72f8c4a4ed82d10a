import { describe, expect, it } from 'vitest';
import { RightsRules } from '../../../core/rights/rights-rules.ts';
import { readRobots } from '../../../core/robots/read-robots.ts';
import { combine } from './combine.ts';

const DRAFT = `User-Agent: *
Allow: /
Disallow: /never/
Content-Usage: train-ai=n
Content-Usage: /ai-ok/ train-ai=y

User-Agent: ExampleBot
Allow: /
Content-Usage: train-ai=y
`;

const MANAGED = `# a policy in comments
User-agent: *
Content-Signal: search=yes,ai-train=no,use=reference
Allow: /

User-agent: OtherBot
Disallow: /
`;

const rule = (...lines: readonly string[]) => ['User-agent: *', ...lines].join('\n');

/** File, product token, path, what `train`, `search` and `keep` come to. */
const FILES: readonly (readonly [string, string, string, string, string?, string?])[] = [
  [DRAFT, 'OurBot', '/test', 'reserved'],
  [DRAFT, 'OurBot', '/ai-ok/test', 'allowed'],
  [DRAFT, 'OurBot', '/ai-ok', 'reserved'],
  [DRAFT, 'ExampleBot', '/test', 'allowed'],
  [DRAFT, 'ExampleBot', '/ai-ok/test', 'allowed'],
  [DRAFT, 'examplebot', '/never/test', 'allowed'],
  [MANAGED, 'OurBot', '/a.jpg', 'reserved', 'allowed', 'allowed'],
  [MANAGED, 'OtherBot', '/a.jpg', 'unknown', 'unknown', 'unknown'],
  // Equally long paths hold together: a reservation wins.
  [rule('Content-Usage: /a train-ai=y', 'Content-Usage: /a train-ai=n'), 'x', '/a', 'reserved'],
  [rule('Content-Usage: /a train-ai=n', 'Content-Usage: /a train-ai=y'), 'x', '/a', 'reserved'],
  [
    rule('Content-Usage: /a train-ai=y', 'Content-Usage: /a search=n'),
    'x',
    '/a',
    'allowed',
    'reserved',
  ],
  [rule('Content-Usage: train-ai=n', 'Content-Usage: train-ai=y'), 'x', '/', 'reserved'],
  // The longest path counts alone.
  [
    rule('Content-Usage: /a train-ai=n, search=n', 'Content-Usage: /a/b train-ai=y'),
    'x',
    '/a/b',
    'allowed',
    'unknown',
  ],
  [
    rule('Content-Usage: /a*.jpg train-ai=n', 'Content-Usage: /a train-ai=y'),
    'x',
    '/a/1.jpg',
    'reserved',
  ],
  [rule('Content-Usage: /*.jpg$ train-ai=n'), 'x', '/a/1.jpg', 'reserved'],
  [rule('Content-Usage: /*.jpg$ train-ai=n'), 'x', '/a/1.jpg?w=1', 'unknown'],
  [rule('Content-Usage: /b train-ai=n'), 'x', '/a', 'unknown'],
  // Space and tab part path and preference; the label is written in any case.
  [rule('content-usage:train-ai=n'), 'x', '/', 'reserved'],
  [rule('CONTENT-USAGE : train-ai=n'), 'x', '/', 'reserved'],
  [rule('Content-Usage: /a\ttrain-ai=n'), 'x', '/a', 'reserved'],
  [rule('Content-Usage: /a \t train-ai=n'), 'x', '/a', 'reserved'],
  [rule('Content-Usage: train-ai=n # since 2026'), 'x', '/', 'reserved'],
  [rule('Content-Usage: /a#b train-ai=n'), 'x', '/a', 'unknown'],
  [rule('Content-Usage: /a%20b train-ai=n'), 'x', '/a%20b', 'reserved'],
  [rule('Content-Usage: /%61 train-ai=n'), 'x', '/a', 'reserved'],
  // A path without a preference, or with an invalid one, says nothing.
  [rule('Content-Usage: /a'), 'x', '/a', 'unknown'],
  [rule('Content-Usage:'), 'x', '/', 'unknown'],
  [rule('Content-Usage: Train-AI=n'), 'x', '/', 'unknown'],
  [rule('Content-Usage: a/ train-ai=n'), 'x', '/a/', 'unknown'],
  // Groups: as for all other rules.
  [
    'User-agent: a\nContent-Usage: train-ai=n\nUser-agent: b\nContent-Usage: train-ai=y',
    'a',
    '/',
    'reserved',
  ],
  [
    'User-agent: a\nContent-Usage: train-ai=n\nUser-agent: b\nContent-Usage: train-ai=y',
    'b',
    '/',
    'allowed',
  ],
  ['User-agent: a\nUser-agent: b\nContent-Usage: train-ai=n', 'a', '/', 'reserved'],
  ['User-agent: a\nUser-agent: b\nContent-Usage: train-ai=n', 'b', '/', 'reserved'],
  ['User-agent: a\nContent-Usage: train-ai=n\nUser-agent: *\nDisallow: /x', 'b', '/', 'unknown'],
  ['User-agent: *\nContent-Usage: train-ai=n\n\nUser-agent: a\nDisallow:', 'a', '/', 'unknown'],
  [
    'User-agent: *\nContent-Usage: train-ai=n\n\nUser-agent: *\nContent-Usage: search=n',
    'a',
    '/',
    'reserved',
    'reserved',
  ],
  // Before any group: for everyone.
  ['Content-Signal: ai-train=no\nUser-agent: a\nDisallow: /x', 'a', '/', 'reserved'],
  ['Content-Usage: train-ai=n', 'a', '/', 'reserved'],
  // Both vocabularies together: a reservation in either holds.
  [rule('Content-Usage: train-ai=y', 'Content-Signal: ai-train=no'), 'x', '/', 'reserved'],
  [rule('Content-Usage: train-ai=n', 'Content-Signal: ai-train=yes'), 'x', '/', 'reserved'],
  [
    rule('Content-Signal: /private/ use=immediate'),
    'x',
    '/private/a',
    'unknown',
    'unknown',
    'reserved',
  ],
  [
    rule('Content-Signal: /private/ use=immediate'),
    'x',
    '/public',
    'unknown',
    'unknown',
    'unknown',
  ],
  ['', 'x', '/', 'unknown'],
];

describe('rules about rights in robots.txt', () => {
  it.for(FILES)('%j for %s at %s', ([file, token, path, train, search, keep]) => {
    const { rights = [] } = readRobots(Buffer.from(file), token);
    const found = combine(new RightsRules(rights).statementsFor(`https://site.test${path}`));
    expect(found.train).toBe(train);
    if (search !== undefined) expect(found.search).toBe(search);
    if (keep !== undefined) expect(found.keep).toBe(keep);
  });

  it('tell what was written', () => {
    const { rights = [] } = readRobots(Buffer.from(DRAFT), 'x');
    expect(new RightsRules(rights).statementsFor('https://site.test/a')).toEqual([
      {
        signal: 'content-usage',
        where: 'robots.txt',
        value: 'train-ai=n',
        positions: { train: 'reserved' },
      },
    ]);
  });

  it.each([
    ['License: https://a.test/l.xml\nUser-agent: *\nDisallow: /x', 'x', 'https://a.test/l.xml'],
    [
      'License: https://a.test/l.xml\nUser-agent: x\nLicense: https://a.test/x.xml',
      'x',
      'https://a.test/x.xml',
    ],
    [
      'License: https://a.test/l.xml\nUser-agent: y\nLicense: https://a.test/y.xml',
      'x',
      'https://a.test/l.xml',
    ],
    ['User-agent: *\nDisallow: /x', 'x', undefined],
  ] as const)('%j names a license for %s', (file, token, license) => {
    expect(readRobots(Buffer.from(file), token).license).toBe(license);
  });
});

import { describe, expect, it } from 'vitest';
import type { RslContent, RslLicense } from '../../../core/ports/read-rsl.ts';
import { RslTerms, rslStatement } from '../../../core/rights/rsl.ts';
import { combine } from './combine.ts';

const license = (fields: Partial<RslLicense>): RslLicense => {
  return { permits: [], prohibits: [], payments: [], ...fields };
};
const all = (fields: Partial<RslLicense>): readonly RslContent[] => [
  { url: '/', licenses: [license(fields)] },
];
const scoped = (...scopes: readonly (readonly [string, readonly string[]])[]) =>
  scopes.map(([url, prohibits]) => ({ url, licenses: [license({ prohibits })] }));

/** Contents, path, what `train`, `ai-input` and `search` come to. */
const DOCUMENTS: readonly (readonly [readonly RslContent[], string, string, string, string])[] = [
  [all({ prohibits: ['ai-train'] }), '/a', 'reserved', 'unknown', 'unknown'],
  [all({ prohibits: ['ai-input'] }), '/a', 'unknown', 'reserved', 'unknown'],
  [all({ prohibits: ['ai-index'] }), '/a', 'unknown', 'unknown', 'reserved'],
  [all({ prohibits: ['search'] }), '/a', 'unknown', 'unknown', 'reserved'],
  [all({ prohibits: ['ai-all'] }), '/a', 'reserved', 'reserved', 'unknown'],
  [all({ prohibits: ['all'] }), '/a', 'reserved', 'reserved', 'reserved'],
  [all({ prohibits: ['AI-TRAIN'] }), '/a', 'reserved', 'unknown', 'unknown'],
  [all({ permits: ['search'], prohibits: ['ai-all'] }), '/a', 'reserved', 'reserved', 'allowed'],
  // Permitted and prohibited is not licensed.
  [all({ permits: ['ai-train'], prohibits: ['ai-train'] }), '/a', 'reserved', 'unknown', 'unknown'],
  [all({ permits: ['all'], prohibits: ['ai-train'] }), '/a', 'reserved', 'allowed', 'allowed'],
  [all({ permits: ['ai-train'] }), '/a', 'allowed', 'unknown', 'unknown'],
  [all({ permits: ['ai-train'], payments: ['free'] }), '/a', 'allowed', 'unknown', 'unknown'],
  [
    all({ permits: ['ai-train'], payments: ['attribution'] }),
    '/a',
    'allowed',
    'unknown',
    'unknown',
  ],
  // What has a price is not bought.
  [all({ permits: ['ai-train'], payments: ['training'] }), '/a', 'reserved', 'unknown', 'unknown'],
  [all({ permits: ['ai-input'], payments: ['crawl'] }), '/a', 'unknown', 'reserved', 'unknown'],
  [all({ payments: ['purchase'] }), '/a', 'reserved', 'reserved', 'reserved'],
  [all({ payments: ['free', 'subscription'] }), '/a', 'reserved', 'reserved', 'reserved'],
  [all({ payments: ['free'] }), '/a', 'unknown', 'unknown', 'unknown'],
  [all({}), '/a', 'unknown', 'unknown', 'unknown'],
  [all({ prohibits: ['vendor:archive'] }), '/a', 'unknown', 'unknown', 'unknown'],
  // A server: a license must be fetched even when it is free.
  [
    [{ url: '/', server: 'https://l.test', licenses: [] }],
    '/a',
    'reserved',
    'reserved',
    'reserved',
  ],
  [
    [{ url: '/', server: 'https://l.test', licenses: [license({ permits: ['ai-train'] })] }],
    '/a',
    'reserved',
    'unknown',
    'unknown',
  ],
  // The most specific scope counts alone.
  [scoped(['/', ['ai-train']], ['/free/', []]), '/free/a', 'unknown', 'unknown', 'unknown'],
  [scoped(['/', ['ai-train']], ['/free/', []]), '/b', 'reserved', 'unknown', 'unknown'],
  [scoped(['/free/', []], ['/', ['ai-train']]), '/free/a', 'unknown', 'unknown', 'unknown'],
  [scoped(['/*.jpg$', ['ai-train']]), '/x/a.jpg', 'reserved', 'unknown', 'unknown'],
  [scoped(['/*.jpg$', ['ai-train']]), '/x/a.png', 'unknown', 'unknown', 'unknown'],
  [scoped(['https://site.test/a', ['ai-train']]), '/a/b', 'reserved', 'unknown', 'unknown'],
  [scoped(['https://site.test', ['ai-train']]), '/a/b', 'reserved', 'unknown', 'unknown'],
  [scoped(['HTTPS://Site.test/', ['ai-train']]), '/a/b', 'reserved', 'unknown', 'unknown'],
  [scoped(['https://other.test/', ['ai-train']]), '/a', 'unknown', 'unknown', 'unknown'],
  [scoped(['https://site.test.evil/', ['ai-train']]), '/a', 'unknown', 'unknown', 'unknown'],
  // Two licenses of one scope: a prohibition in either holds.
  [
    [{ url: '/', licenses: [license({ permits: ['all'] }), license({ prohibits: ['ai-train'] })] }],
    '/a',
    'reserved',
    'allowed',
    'allowed',
  ],
  [[], '/a', 'unknown', 'unknown', 'unknown'],
];

describe('RSL', () => {
  it.each(DOCUMENTS)(
    '%j says of %s: train %s, ai-input %s, search %s',
    (document, path, train, input, search) => {
      const found = rslStatement(
        `https://site.test${path}`,
        'https://site.test/l.xml',
        new RslTerms(document),
      );
      const rights = combine(found === undefined ? [] : [found]);
      expect([rights.train, rights['ai-input'], rights.search]).toEqual([train, input, search]);
    },
  );

  it('reserves everything where the named document is unreadable', () => {
    const found = rslStatement('https://site.test/a', 'https://site.test/l.xml', undefined);
    expect(combine(found === undefined ? [] : [found])).toEqual({
      train: 'reserved',
      'ai-input': 'reserved',
      search: 'reserved',
      tdm: 'reserved',
      keep: 'reserved',
    });
    expect(found?.value).toBe('unreadable');
  });

  it('tells the terms', () => {
    const document = all({ permits: ['search'], prohibits: ['ai-all'], payments: ['free'] });
    expect(
      rslStatement('https://site.test/a', 'https://site.test/l.xml', new RslTerms(document))?.value,
    ).toBe('/; prohibits ai-all; permits search; payment free');
  });
});

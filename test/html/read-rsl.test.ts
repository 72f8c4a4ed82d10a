import { describe, expect, it } from 'vitest';
import { readRsl } from '../../adapters/html/read-rsl.ts';
import type { RslDocument } from '../../core/ports/read-rsl.ts';

const rsl = (content: string) => `<rsl xmlns="https://rslstandard.org/rsl">${content}</rsl>`;
const licensed = (terms: string) =>
  rsl(`<content url="/">${`<license>${terms}</license>`}</content>`);
const one = (license: { permits?: string[]; prohibits?: string[]; payments?: string[] }) => [
  { url: '/', licenses: [{ permits: [], prohibits: [], payments: [], ...license }] },
];

const DOCUMENTS: readonly (readonly [title: string, text: string, expected: RslDocument])[] = [
  [
    'prohibits',
    licensed('<prohibits type="usage">ai-train ai-input</prohibits>'),
    one({ prohibits: ['ai-train', 'ai-input'] }),
  ],
  ['permits', licensed('<permits type="usage">search</permits>'), one({ permits: ['search'] })],
  [
    'tokens in lines',
    licensed('<permits type="usage">\n search\n ai-index </permits>'),
    one({ permits: ['search', 'ai-index'] }),
  ],
  [
    'tokens with commas',
    licensed('<permits type="usage">search, ai-index</permits>'),
    one({ permits: ['search', 'ai-index'] }),
  ],
  [
    'tokens in capitals',
    licensed('<prohibits type="usage">AI-Train</prohibits>'),
    one({ prohibits: ['ai-train'] }),
  ],
  ['no type is usage', licensed('<prohibits>all</prohibits>'), one({ prohibits: ['all'] })],
  [
    'users and places are not uses',
    licensed('<prohibits type="user">commercial</prohibits><permits type="geo">DE</permits>'),
    one({}),
  ],
  [
    'a payment',
    licensed('<payment type="crawl"><amount currency="USD">0.015</amount></payment>'),
    one({ payments: ['crawl'] }),
  ],
  ['an empty payment', licensed('<payment type="free"/>'), one({ payments: ['free'] })],
  [
    'a payment without a type',
    licensed('<payment><custom>https://a.test</custom></payment>'),
    one({ payments: ['purchase'] }),
  ],
  [
    'a server',
    rsl('<content url="/a/*" server="https://l.test"/>'),
    [{ url: '/a/*', server: 'https://l.test', licenses: [] }],
  ],
  ['a content without a url', rsl('<content><license/></content>'), one({})],
  [
    'two contents',
    rsl('<content url="/a"/><content url="/b"/>'),
    [
      { url: '/a', licenses: [] },
      { url: '/b', licenses: [] },
    ],
  ],
  [
    'prefixes',
    '<rsl:rsl xmlns:rsl="https://rslstandard.org/rsl"><rsl:content url="/"><rsl:license><rsl:prohibits type="usage">all</rsl:prohibits></rsl:license></rsl:content></rsl:rsl>',
    one({ prohibits: ['all'] }),
  ],
  [
    'a declaration and comments',
    `<?xml version="1.0"?><!-- all -->${licensed('<!-- <prohibits>all</prohibits> --><permits>search</permits>')}`,
    one({ permits: ['search'] }),
  ],
  [
    'CDATA',
    licensed('<prohibits><![CDATA[ai-train]]></prohibits>'),
    one({ prohibits: ['ai-train'] }),
  ],
  [
    'other elements',
    licensed('<legal type="warranty">ownership</legal><prohibits>all</prohibits>'),
    one({ prohibits: ['all'] }),
  ],
  ['no content', rsl(''), []],
  ['another namespace', '<rsl xmlns="https://example.test/"><content url="/"/></rsl>', undefined],
  ['no namespace', '<rsl><content url="/"/></rsl>', undefined],
  ['HTML', '<!doctype html><html><body>404</body></html>', undefined],
  ['JSON', '{"rsl":1}', undefined],
  ['nothing', '', undefined],
  ['a cut document', licensed('<prohibits>all</prohibits>').slice(0, -8), undefined],
  [
    'an entity bomb',
    `<!DOCTYPE rsl [<!ENTITY a "ai-train">]>${licensed('<prohibits>&a;</prohibits>')}`,
    one({ prohibits: ['&a;'] }),
  ],
];

describe('an RSL document', () => {
  it.for(DOCUMENTS)('%s', ([, text, expected]) => {
    expect(readRsl(Buffer.from(text))).toEqual(expected);
  });

  it.each([
    ['too long', rsl('x'.repeat(300_000))],
    ['too many scopes', rsl('<content/>'.repeat(10_001))],
    ['an attribute without end', rsl(`<content url="${'a'.repeat(10_000)}"/>`)],
  ])('is unreadable with %s', (_, text) => {
    expect(readRsl(Buffer.from(text))).toBeUndefined();
  });
});

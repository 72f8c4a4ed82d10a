import { describe, expect, it } from 'vitest';
import {
  parseReservation,
  parseTdmRep,
  TdmRules,
  tdmStatement,
} from '../../../core/rights/tdmrep.ts';

const REPORT = JSON.stringify([
  { location: '/directory-a/', 'tdm-reservation': 1 },
  {
    location: '/directory-b/html/',
    'tdm-reservation': 1,
    'tdm-policy': 'https://p.test/policy.json',
  },
  { location: '/directory-b/images/*.jpg', 'tdm-reservation': 0 },
]);

const one = (location: unknown, reservation: unknown) =>
  JSON.stringify([{ location, 'tdm-reservation': reservation }]);

const FILES: readonly (readonly [string, string, (0 | 1)?])[] = [
  [REPORT, '/directory-a/x.pdf', 1],
  [REPORT, '/directory-b/html/x', 1],
  [REPORT, '/directory-b/images/x.jpg', 0],
  [REPORT, '/directory-b/images/x.png'],
  [REPORT, '/directory-a'],
  [REPORT, '/Directory-A/x'],
  [one('/', 1), '/anything?x', 1],
  [one('/', '1'), '/a', 1],
  [one('/', '0'), '/a', 0],
  [one('/', ' 1 '), '/a', 1],
  [one('/', true), '/a'],
  [one('/', 2), '/a'],
  [one('/', '1.0'), '/a'],
  [one('/', null), '/a'],
  [one(7, 1), '/a'],
  [one('', 1), '/a', 1],
  [one('/*.jpg$', 1), '/x/a.jpg', 1],
  [one('/*.jpg$', 1), '/x/a.jpg?x'],
  [one('/this/*/then', 1), '/this/is/then', 1],
  [one('/path/foo-%24', 1), '/path/foo-$', 1],
  [one('/%7Euser/', 1), '/~user/a', 1],
  [one('/~user/', 1), '/%7Euser/a', 1],
  [one('/a%2Fb', 1), '/a/b'],
  // The first match in sequence, not the longest.
  [
    JSON.stringify([
      { location: '/', 'tdm-reservation': 0 },
      { location: '/a/', 'tdm-reservation': 1 },
    ]),
    '/a/b',
    0,
  ],
  [
    JSON.stringify([
      { location: '/a/', 'tdm-reservation': 1 },
      { location: '/', 'tdm-reservation': 0 },
    ]),
    '/a/b',
    1,
  ],
  // A rule that matches and sets nothing leaves it unset.
  [
    JSON.stringify([
      { location: '/', 'tdm-reservation': 'x' },
      { location: '/a', 'tdm-reservation': 1 },
    ]),
    '/a',
  ],
  [JSON.stringify([null, 3, 'x', [], { location: '/', 'tdm-reservation': 1 }]), '/a', 1],
  [`\ufeff${one('/', 1)}`, '/a', 1],
];

describe('tdmrep.json', () => {
  it.for(FILES)('%s says of %s: %s', ([text, path, reservation]) => {
    const rules = new TdmRules(parseTdmRep(text) ?? []);
    expect(rules.about(`https://site.test${path}`).reservation).toBe(reservation);
  });

  it.each(['', '{}', 'null', '"x"', '<html>', '[', '{"location":"/","tdm-reservation":1}'])(
    '%j is not valid',
    (text) => {
      expect(parseTdmRep(text)).toBeUndefined();
    },
  );

  it('keeps a bounded number of rules', () => {
    const rules = Array.from({ length: 20_000 }, () => ({ location: '/', 'tdm-reservation': 1 }));
    expect(parseTdmRep(JSON.stringify(rules))).toHaveLength(10_000);
  });

  it.each([
    ['1', 1],
    ['0', 0],
    [' 1', 1],
    ['2', undefined],
    ['true', undefined],
    ['', undefined],
    [undefined, undefined],
    ['01', undefined],
  ])('reads the value %j as %s', (value, expected) => {
    expect(parseReservation(value)).toBe(expected);
  });
});

describe('the places of TDMRep together', () => {
  it.each([
    [1, undefined, undefined, 'file', 'reserved'],
    [0, undefined, undefined, 'file', 'allowed'],
    [1, 0, undefined, 'header', 'allowed'],
    [0, 1, undefined, 'header', 'reserved'],
    [0, 1, 0, 'meta', 'allowed'],
    [undefined, undefined, 1, 'meta', 'reserved'],
    [1, undefined, undefined, 'file', 'reserved'],
    [1, 0, 1, 'meta', 'reserved'],
  ] as const)(
    'file %s, header %s, meta %s: %s says it, %s',
    (file, header, meta, where, position) => {
      const found = tdmStatement([
        { where: 'file', reservation: file },
        { where: 'header', reservation: header },
        { where: 'meta', reservation: meta },
      ]);
      expect(found?.where).toBe(where);
      expect(found?.positions.tdm).toBe(position);
    },
  );

  it('says nothing where nothing is set', () => {
    expect(
      tdmStatement([{ where: 'file' }, { where: 'header', policy: 'https://p.test' }]),
    ).toBeUndefined();
  });

  it('keeps the policy', () => {
    const found = tdmStatement([
      { where: 'file', reservation: 1, policy: 'https://p.test/a' },
      { where: 'header', reservation: 1 },
    ]);
    expect(found?.value).toBe('tdm-reservation: 1, tdm-policy: https://p.test/a');
    expect(found?.positions).toEqual({
      tdm: 'reserved',
      train: 'reserved',
      'ai-input': 'reserved',
    });
  });
});

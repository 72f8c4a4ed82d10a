import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ImageLine } from '../../adapters/datasets/data-set-line.ts';
import { readTemplate } from '../../adapters/datasets/names/name-template.ts';
import { safeSegment } from '../../adapters/datasets/names/safe-segment.ts';
import { UniqueNames } from '../../adapters/datasets/names/unique-names.ts';
import { urlName } from '../../adapters/datasets/names/url-name.ts';
import { aResult } from '../cli/records.ts';

describe('the name of a file', () => {
  it.each([
    ['photo', 'photo.jpg'],
    ['con', '_con.jpg'],
    ['COM1.tar', '_COM1.tar.jpg'],
    ['lpt¹', '_lpt¹.jpg'],
    ['console', 'console.jpg'],
    ['trailing...  ', 'trailing.jpg'],
    ['.htaccess', '_htaccess.jpg'],
    ['..', '_.jpg'],
    ['', '_.jpg'],
    ['__pycache__', '_pycache__.jpg'],
    ['a<b>c:d"e|f?g*h\\i/j', 'a_b_c_d_e_f_g_h_i_j.jpg'],
    ['nul\0byte', 'nul_byte.jpg'],
    ['\u202egpj', '_gpj.jpg'],
    ['e\u0301', '\u00e9.jpg'],
    ['\ud800', '_.jpg'],
  ])('of %j is %j', (text, expected) => {
    expect(safeSegment(text, '.jpg')).toBe(expected);
  });

  it('is cut where it is long, and differs where the texts do', () => {
    const [a, b] = ['a', 'b'].map((end) => safeSegment(`${'日'.repeat(200)}${end}`, '.jpg'));
    expect(a).not.toBe(b);
    expect(Buffer.byteLength(a ?? '')).toBeLessThanOrEqual(200);
    expect(a).toMatch(/~[0-9a-f]{8}\.jpg$/);
  });
});

test.each([
  ['https://a.example/b/c.png', 'a.example/b/c.jpg'],
  ['https://a.example:8080/', 'a.example_8080/index.jpg'],
  ['https://a.example/img?id=7&w=100', 'a.example/img@id=7&w=100.jpg'],
  ['https://a.example/%C3%A9t%C3%A9/x.JPG', 'a.example/été/x.jpg'],
  ['https://a.example/%2e%2e%2f%2e%2e%2fetc/passwd', 'a.example/_.._etc/passwd.jpg'],
  ['https://a.example/a%00b/%ff.png', 'a.example/a_b/%ff.jpg'],
  ['https://a.example/a.jpg/b.png', 'a.example/a.jpg_/b.jpg'],
  ['data:image/png;base64,AAAA', 'no-host/image.jpg'],
])('the name of %s is %s', (url, expected) => {
  expect(urlName(url, 'jpg')).toBe(expected);
});

const RESERVED = /^(con|prn|aux|nul|(com|lpt)[\d¹²³])(\.|$)/i;

test('no URL has a name that any system refuses or that leaves its folder', () => {
  const parts = fc.array(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', 'con', '.')),
  );
  const property = fc.property(parts, fc.string(), (texts, query) => {
    const path = texts.map((text) => encodeURIComponent(text.toWellFormed())).join('/');
    const name = urlName(`https://a.example/${path}?${encodeURIComponent(query)}`, 'jpg');
    expect(name.length).toBeLessThanOrEqual(192);
    for (const segment of name.split('/')) {
      expect(segment).not.toMatch(/^\.|[. ]$|^__|^$/);
      expect(segment).not.toMatch(/[<>:"\\|?*\p{Cc}\p{Cs}]/u);
      expect(segment).not.toMatch(RESERVED);
      expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(200);
    }
  });
  fc.assert(property, { numRuns: 300 });
});

describe('names that were given', () => {
  it('are never given again, also where case and composition do not count', () => {
    const names = new UniqueNames();
    const given = ['a/B.jpg', 'a/b.jpg', 'A/b.jpg', 'a/b.png', 'a/b.jpg'].map((path, index) =>
      names.claim(path, `https://a.example/${index % 4}`),
    );
    const folded = new Set(given.map((name) => name.toLowerCase()));
    expect(folded.size).toBe(5);
    expect(given[0]).toBe('a/B.jpg');
    expect(given[1]).toMatch(/^a\/b~[0-9a-f]{8}\.jpg$/);
    expect(given[3]).toBe('a/b.png');
  });

  it('are the same when they are given in the same order', () => {
    const claim = () => {
      const names = new UniqueNames();
      return ['x.jpg', 'X.jpg', 'x.jpg'].map((path) => names.claim(path, 'https://a.example/'));
    };
    expect(claim()).toEqual(claim());
    expect(new Set(claim()).size).toBe(3);
  });
});

describe('a template', () => {
  const line: ImageLine = {
    ...aResult(),
    url: 'https://a.example/x/y/cat.png',
    sha256: 'ab12',
    format: 'jpeg',
    file: 'f',
    row: 7,
    columns: { class: '../cats', none: null },
  };
  const named = (template: string) => {
    const read = readTemplate(template);
    return 'problem' in read ? read.problem : read.name(line, '000000006');
  };

  it.each([
    ['{host}/{name}', 'a.example/cat.jpg'],
    ['{path}/{name}', 'x/y/cat.jpg'],
    ['{columns.class}/{key}', '_cats/000000006.jpg'],
    ['{columns.none}/{columns.constructor}-{row}', 'none/none-7.jpg'],
    ['{format}-{sha256}', 'jpeg-ab12.jpg'],
    ['../{name}', '_/cat.jpg'],
  ])('%s names an image %s', (template, expected) => {
    expect(named(template)).toBe(expected);
  });

  it.each(['{nothing}', '{name', '', '//'])('%j is refused', (template) => {
    expect(readTemplate(template)).toHaveProperty('problem');
  });
});

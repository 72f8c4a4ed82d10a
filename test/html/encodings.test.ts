import { describe, expect, it } from 'vitest';
import { read } from './read.ts';

const bytes = (text: string, encoding: BufferEncoding = 'latin1') => Buffer.from(text, encoding);

async function titleOf(body: Uint8Array, contentType = 'text/html'): Promise<string | undefined> {
  const page = await read(body, { contentType });
  return page.kind === 'page' ? page.title : undefined;
}

const LATIN = '<title>\xe4</title>';
const CYRILLIC = '<title>\xe4</title>'; // д in windows-1251
const UTF8 = '<title>\xc3\xa4</title>';

describe('the encoding of a page is that of', () => {
  it.each([
    ['the mark, before the header', bytes(`\xef\xbb\xbf${UTF8}`), 'text/html;charset=latin1', 'ä'],
    ['the mark of UTF-16LE', bytes('\ufeff<title>ä</title>', 'utf16le'), undefined, 'ä'],
    ['the mark of UTF-16BE', bytes('\ufeff<title>ä</title>', 'utf16le').swap16(), undefined, 'ä'],
    [
      'the header, before the meta',
      bytes(`<meta charset=utf-8>${CYRILLIC}`),
      'text/html; charset=windows-1251',
      'д',
    ],
    ['a header in quotes', bytes(CYRILLIC), 'text/html; Charset="windows-1251"; x=y', 'д'],
    [
      'a header of UTF-16 without mark',
      bytes('<title>ä</title>', 'utf16le'),
      'text/html; charset=utf-16le',
      'ä',
    ],
    [
      'the meta, where the header is unknown',
      bytes(`<meta charset=windows-1251>${CYRILLIC}`),
      'text/html;charset=x',
      'д',
    ],
    ['UTF-8, when the bytes are', bytes(UTF8), undefined, 'ä'],
    ['windows-1252 otherwise', bytes(`${LATIN}`), undefined, 'ä'],
    ['windows-1252 with its own letters', bytes('<title>\x80</title>'), undefined, '€'],
    [
      'a script of Japan',
      bytes('<meta charset=shift_jis><title>\x93\xfa</title>'),
      undefined,
      '日',
    ],
    ['a header without semicolon', bytes(CYRILLIC), 'text/html charset=windows-1251', 'д'],
    ['a header of nothing else', bytes(CYRILLIC), 'charset=windows-1251', 'д'],
    ['a header of two types', bytes(CYRILLIC), 'text/html, charset=windows-1251', 'д'],
    ['a script of China', bytes('<meta charset=gb2312><title>\xc8\xd5</title>'), undefined, '日'],
  ])('%s', async (_, body, contentType, title) => {
    expect(await titleOf(body, contentType)).toBe(title);
  });
});

describe('a declaration in a page', () => {
  it.each([
    ['meta charset', '<meta charset=windows-1251>', 'д'],
    ['in quotes and capitals', `<META CHARSET = 'Windows-1251' />`, 'д'],
    [
      'http-equiv',
      '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
      'д',
    ],
    [
      'http-equiv behind content',
      '<meta content="charset=windows-1251" http-equiv=content-type>',
      'д',
    ],
    [
      'quoted in content',
      `<meta http-equiv=content-type content="a charset = 'windows-1251' b">`,
      'д',
    ],
    ['content without http-equiv', '<meta content="text/html; charset=windows-1251">', 'ä'],
    ['in a comment', '<!-- <meta charset=windows-1251> -->', 'ä'],
    ['behind an empty comment', '<!--><meta charset=windows-1251>', 'д'],
    ['in an attribute', '<p title="<meta charset=windows-1251>">', 'ä'],
    ['of another element', '<metal charset=windows-1251>', 'ä'],
    [
      'behind other tags',
      '<!doctype html><html lang=ru><head><script src=a></script><meta charset=windows-1251>',
      'д',
    ],
    [
      'the first that is known',
      '<meta charset=x><meta charset=windows-1251><meta charset=koi8-r>',
      'д',
    ],
    ['the first attribute of a name', '<meta charset=windows-1251 charset=koi8-r>', 'д'],
    ['as XML', '<?xml version="1.0" encoding="windows-1251"?>', 'д'],
    [
      'the meta before that of XML',
      '<?xml version="1.0" encoding="koi8-r"?><meta charset=windows-1251>',
      'д',
    ],
    ['x-user-defined is windows-1252', '<meta charset=x-user-defined>', 'ä'],
    ['far behind', `<!--${'x'.repeat(5000)}--><meta charset=windows-1251>`, 'ä'],
    ['that is cut', '<meta charset="windows-1251', undefined],
  ])('%s', async (_, declaration, title) => {
    expect(await titleOf(bytes(`${declaration}${CYRILLIC}`))).toBe(title);
  });

  it.each(['utf-16', 'utf-16be', 'UTF-16LE', 'unicode'])('of %s means UTF-8', async (label) => {
    expect(await titleOf(bytes(`<meta charset=${label}>${UTF8}`))).toBe('ä');
  });

  it.each(['replacement', 'iso-2022-kr', 'hz-gb-2312'])('of %s is ignored', async (label) => {
    expect(await titleOf(bytes(`<meta charset=${label}>${UTF8}`), 'text/html')).toBe('ä');
  });
});

describe('a style sheet is read', () => {
  it.each([
    ['in UTF-8', bytes('a{background:url(\xc3\xa4)}'), 'text/css', '%C3%A4'],
    ['by its header', bytes('a{background:url(\xe4)}'), 'text/css; charset=iso-8859-1', '%C3%A4'],
    ['by its rule', bytes('@charset "windows-1251";a{background:url(\xe4)}'), 'text/css', '%D0%B4'],
    [
      'by its mark',
      bytes('\ufeffa{background:url(ä)}', 'utf16le'),
      'text/css; charset=latin1',
      '%C3%A4',
    ],
    [
      'by a rule to the letter only',
      bytes("@charset 'windows-1251';a{background:url(\xc3\xa4)}"),
      'text/css',
      '%C3%A4',
    ],
    [
      'not in UTF-16 by its rule',
      bytes('@charset "utf-16";a{background:url(\xc3\xa4)}'),
      'text/css',
      '%C3%A4',
    ],
  ])('%s', async (_, body, contentType, url) => {
    expect(await read(body, { expected: 'style', contentType })).toMatchObject({
      kind: 'style',
      images: [{ url: `https://site.example/dir/${url}` }],
    });
  });
});

it('a character may lie across two pieces', async () => {
  const page = await read(bytes(`${'x'.repeat(64 * 1024 - 21)}<a title=x href=ää>`, 'utf8'));
  expect(page).toMatchObject({ links: [{ url: 'https://site.example/dir/%C3%A4%C3%A4' }] });
});

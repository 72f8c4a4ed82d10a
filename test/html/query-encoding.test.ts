import { describe, expect, it } from 'vitest';
import { queryEncoder } from '../../adapters/html/query-encoder.ts';
import { imagesOf, linksOf, readFound } from './read.ts';

describe('the query of a link is encoded as its page', () => {
  it.each([
    ['shift_jis', '日本', '%93%FA%96%7B'],
    ['shift_jis', 'ｱ\u2212¥‾', '%B1%81%7C%5C%7E'],
    ['shift_jis', '纊', '%FA%5C'],
    ['euc-jp', '日本', '%C6%FC%CB%DC'],
    ['euc-jp', 'ｱ', '%8E%B1'],
    ['gbk', '中文€', '%D6%D0%CE%C4%80'],
    ['gb18030', '中文', '%D6%D0%CE%C4'],
    ['big5', '中文', '%A4%A4%A4%E5'],
    ['big5', '十═', '%A4%51%F9%F9'],
    ['euc-kr', '한글', '%C7%D1%B1%DB'],
    ['windows-1251', 'да', '%E4%E0'],
    ['windows-1252', 'ä€', '%E4%80'],
    ['iso-8859-2', 'ł', '%B3'],
    ['koi8-r', 'д', '%C4'],
    ['windows-1252', 'а😀', '%26%231072%3B%26%23128512%3B'],
    ['windows-1252', '\ud800', '%26%2365533%3B'],
  ])('%s: %s', (encoding, text, expected) => {
    expect(queryEncoder(encoding)?.(`?a=b&c={${text}`)).toBe(`?a=b&c={${expected}`);
  });

  it.each(['utf-8', 'utf-16le', 'utf-16be', 'iso-2022-jp'])('not in %s', (encoding) => {
    expect(queryEncoder(encoding)).toBeUndefined();
  });
});

describe.each([
  ['shift_jis', '日本', '%93%FA%96%7B', '%E6%97%A5%E6%9C%AC'],
  ['windows-1252', 'ä', '%E4', '%C3%A4'],
])('a page in %s', (charset, text, inQuery, inPath) => {
  const page = (html: string) => {
    const bytes = charset === 'shift_jis' ? [0x93, 0xfa, 0x96, 0x7b] : [0xe4];
    const [before = '', ...parts] = `<meta charset=${charset}>${html}`.split('@');
    return parts.reduce(
      (all, part) => Buffer.concat([all, Buffer.from(bytes), Buffer.from(part)]),
      Buffer.from(before),
    );
  };

  it('has its encoding in queries only', async () => {
    const { links, images, title } = await readFound(
      page('<title>@</title><img src="/@?n=@&m=%E4#@"><a href="@/?@"></a>'),
      { contentType: 'text/html' },
    );
    expect(title).toBe(text);
    expect(images.map(({ url }) => url)).toEqual([
      `https://site.example/${inPath}?n=${inQuery}&m=%E4`,
    ]);
    expect(links.map(({ url }) => url)).toEqual([`https://site.example/dir/${inPath}/?${inQuery}`]);
  });
});

it.each([
  ['a page in UTF-8', '<img src="?ä">', 'page?%C3%A4'],
  ['an entity', '<img src="/a?&auml;">', '/a?%C3%A4'],
])('UTF-8 stays what it is: %s', async (_, html, image) => {
  expect(await imagesOf(html)).toEqual([image]);
  expect(await linksOf(html.replace('img src', 'a href'))).toEqual([image]);
});

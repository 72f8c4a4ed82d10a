import { expect, it } from 'vitest';
import { sitemapUrls } from '../../../core/robots/sitemap-urls.ts';

it.each([
  ['a whole address', ['https://a.test/1.xml'], ['https://a.test/1.xml']],
  ['of another host', ['http://b.test/1.xml.gz'], ['http://b.test/1.xml.gz']],
  ['a path', ['/1.xml', '2.xml'], ['https://a.test/1.xml', 'https://a.test/2.xml']],
  ['without scheme', ['//b.test/1.xml'], ['https://b.test/1.xml']],
  ['two spellings of one', ['https://A.test/%7Ea', '/~a'], ['https://a.test/%7Ea']],
  ['another scheme', ['ftp://a.test/1.xml', 'data:,'], []],
  ['no address', ['http://', 'https://user@a.test/'], []],
])('a sitemap in robots.txt: %s', (_, written, expected) => {
  expect(sitemapUrls(written, 'https://a.test/robots.txt')).toEqual(expected);
});

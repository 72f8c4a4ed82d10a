import { expect, it } from 'vitest';
import { dropTracking } from '../../../core/links/drop-tracking.ts';

it.each([
  ['https://a.test/p?utm_source=x&id=3&UTM_Medium=y', 'https://a.test/p?id=3'],
  ['https://a.test/p?fbclid=abc', 'https://a.test/p'],
  ['https://a.test/p?b=2&a=1&gclid=', 'https://a.test/p?b=2&a=1'],
  ['https://a.test/p?PHPSESSID=0123456789abcdef0123', 'https://a.test/p'],
  ['https://a.test/p;jsessionid=0123456789ABCDEF?x=1', 'https://a.test/p?x=1'],
  ['https://a.test/a;jsessionid=1/b', 'https://a.test/a/b'],
])('%s becomes %s', (url, expected) => {
  expect(dropTracking(url)).toBe(expected);
});

it.each([
  'https://a.test/',
  'https://a.test/p?sid=3',
  'https://a.test/p?id=3&id=3&',
  'https://a.test/p?utm',
  'https://a.test/utm_source=x',
  'https://a.test/p?x=utm_source',
  'https://a.test/p;v=1',
])('%s stays as it is', (url) => {
  expect(dropTracking(url)).toBe(url);
});

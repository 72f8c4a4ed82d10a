import { expect, it } from 'vitest';
import { dropTracking } from '../../../core/model/drop-tracking.ts';

it.each([
  ['https://a.test/p?utm_source=x&id=3&UTM_Medium=y', 'https://a.test/p?id=3'],
  ['https://a.test/p?fbclid=abc', 'https://a.test/p'],
  ['https://a.test/p?b=2&a=1&gclid=', 'https://a.test/p?b=2&a=1'],
  ['https://a.test/p?PHPSESSID=0123456789abcdef0123', 'https://a.test/p'],
  ['https://a.test/p;jsessionid=0123456789ABCDEF?x=1', 'https://a.test/p?x=1'],
  ['https://a.test/a;jsessionid=1/b', 'https://a.test/a/b'],
  ['https://a.test/p?pk_campaign=x&pk_kwd=y&pk_id=7', 'https://a.test/p?pk_id=7'],
  ['https://a.test/p?mtm_source=x&__hstc=1.2&a', 'https://a.test/p?a'],
  ['https://a.test/p?ASPSESSIONIDQQ=ABCDEFGHIJKLMNOP', 'https://a.test/p'],
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
  // Names that are more than tracking somewhere.
  'https://a.test/photo?pk_id=1',
  'https://a.test/photo?pk=1&pk_photo=2',
  'https://a.test/show?sid=0123456789abcdef01',
  'https://a.test/show?session_id=0123456789abcdef01',
  'https://a.test/show?sessionid=0123456789abcdef01&sessid=0123456789abcdef01',
  'https://a.test/icon?icid=1&s_cid=2',
  'https://a.test/p?__hs_page=2&piwik_site=3&matomo_id=4',
])('%s stays as it is', (url) => {
  expect(dropTracking(url)).toBe(url);
});

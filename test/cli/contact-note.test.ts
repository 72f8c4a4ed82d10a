import { expect, it } from 'vitest';
import { defaultUserAgent } from '../../cli/options/run-settings.ts';
import { contactNote } from '../../cli/run/contact-note.ts';

it.each([
  ['the default', defaultUserAgent('1.2.3')],
  ['a name alone', 'my-crawler/1.0'],
  ['a sign that is no address', 'my-crawler/1.0 (@home)'],
])('a User-Agent without a contact is told of: %s', (_, userAgent) => {
  expect(contactNote(userAgent, false)).toContain('--user-agent');
  expect(contactNote(userAgent, true)).toBeUndefined();
});

it.each([
  'my-crawler/1.0 (+https://example.com/bot)',
  'my-crawler/1.0 (http://example.com)',
  'my-crawler/1.0 (bots@example.com)',
])('nothing is told of %s', (userAgent) => {
  expect(contactNote(userAgent, false)).toBeUndefined();
});

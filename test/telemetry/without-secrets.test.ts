import { expect, it } from 'vitest';
import { withoutSecrets } from '../../adapters/telemetry/without-secrets.ts';

it.each([
  ['plain', 'plain'],
  ['why? because', 'why? because'],
  ['https://a.test/b.png', 'https://a.test/b.png'],
  ['https://a.test/b.png?token=s3cret', 'https://a.test/b.png?…'],
  ['at https://a.test?key=s3cret, then', 'at https://a.test?… then'],
  ['https://a.test/#s3cret', 'https://a.test/?…'],
  ['https://user:s3cret@a.test/b', 'https://…@a.test/b'],
  ['HTTPS://s3cret@a.test/b?x=s3cret&y', 'HTTPS://…@a.test/b?…'],
  ['https://a.test/@s3cret-is-a-path', 'https://a.test/@s3cret-is-a-path'],
  [
    '"https://a.test/?a=s3cret" and \'http://b.test/?b=s3cret\'',
    '"https://a.test/?…" and \'http://b.test/?…\'',
  ],
  ['two https://a.test/?s3cret https://b.test/?s3cret', 'two https://a.test/?… https://b.test/?…'],
])('what a URL may hold in secret is not written: %s', (text, written) => {
  expect(withoutSecrets(text)).toBe(written);
});

import { expect, test } from 'vitest';
import { withoutCredentials } from '../../core/model/without-credentials.ts';

test.each([
  ['http://me:secret@a.test/b.jpg', 'http://…@a.test/b.jpg'],
  ['http://me@a.test/', 'http://…@a.test/'],
  ['http://me:se@cret@a.test/', 'http://…@a.test/'],
  [
    'image=http://me:secret@a.test/ and //you:other@b.test/',
    'image=http://…@a.test/ and //…@b.test/',
  ],
  ['ftp://me:secret@[::1]/', 'ftp://…@[::1]/'],
  ['me:secret@a.test/x.png', '…@a.test/x.png'],
  ['"me:secret@a.test"', '"…@a.test"'],
])('credentials are left out: %s', (text, shown) => {
  expect(withoutCredentials(text)).toBe(shown);
});

test.each([
  'http://a.test/@me/photo.jpg',
  'http://a.test/photo@2x.jpg',
  'http://a.test/?q=me@b.test',
  'write to me@a.test',
  'a caption: by @someone',
])('other signs are kept: %s', (text) => {
  expect(withoutCredentials(text)).toBe(text);
});

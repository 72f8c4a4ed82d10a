import { expect, test } from 'vitest';
import { captionOf, pageText, shortened } from '../../../cli/report/caption.ts';

test.each([
  [{ title: 'a title', alt: 'an alt', url: 'http://h/a.png' }, 'a title'],
  [{ title: ' \n\t ', alt: 'an  alt\nof two lines', url: 'http://h/a.png' }, 'an alt of two lines'],
  [{ url: 'http://h/dir/a%20b%C3%BC.png?x=1' }, 'a bü.png'],
  [{ url: 'http://h/bad%ff.png' }, 'bad%ff.png'],
  [{ url: 'http://h/' }, 'http://h/'],
  [{ url: 'data:image/png;base64,AAAA' }, 'inside a page'],
])('%j is called %j', (result, caption) => {
  expect(captionOf(result)).toBe(caption);
});

test('what cannot be seen is shown, on one line', () => {
  expect(shortened('a\u202eb\u0000c\u200bd')).toBe('a\\u{202e}b\\u{0}c\\u{200b}d');
});

test('a long text is cut between two characters', () => {
  expect(shortened('🍎🍎🍎🍎', 3)).toBe('🍎🍎…');
  expect([...shortened('x'.repeat(1e6), 160)]).toHaveLength(160);
});

test('a page is called by its path', () => {
  expect(pageText('http://h/a/b.html?q=1')).toBe('on /a/b.html?q=1');
  expect(pageText('no address')).toBe('on no address');
});

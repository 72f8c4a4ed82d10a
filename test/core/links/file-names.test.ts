import { expect, it } from 'vitest';
import { kindByName } from '../../../core/links/file-names.ts';

it.each([
  ['https://site.example/a.jpg', 'image'],
  ['/a.JPEG?b=c/d.pdf', 'image'],
  ['a.webp#x.pdf', 'image'],
  ['//site.example/a.avif', 'image'],
  ['https://site.example/a.pdf', 'no-page'],
  ['a.tar', 'no-page'],
  ['https://site.zip', 'unknown'],
  ['//site.zip', 'unknown'],
  ['https://site.example/', 'unknown'],
  ['https://site.example/a.html', 'unknown'],
  ['https://site.example/a.jpg/', 'unknown'],
  ['/wiki/File:A.jpg', 'unknown'],
  ['/wiki/File%3AA.jpg', 'unknown'],
  ['jpg', 'unknown'],
  ['', 'unknown'],
])('%s is by its name: %s', (url, kind) => {
  expect(kindByName(url)).toBe(kind);
});

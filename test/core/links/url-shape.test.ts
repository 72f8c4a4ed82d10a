import { describe, expect, it } from 'vitest';
import { isTrap, shapeOf } from '../../../core/links/url-shape.ts';

describe('the shape of an address', () => {
  it.each([
    ['https://a.test/2026/11?day=3', 'https://a.test/1999/2?day=28', true],
    ['https://a.test/page/9', 'https://a.test/page/10', true],
    ['https://a.test/page/9', 'https://a.test/pages/9', false],
    ['https://a.test/?m=1', 'https://a.test/?m=1&n=1', false],
  ])('%s and %s are alike: %s', (a, b, alike) => {
    expect(shapeOf(a) === shapeOf(b)).toBe(alike);
  });
});

describe('a trap', () => {
  it.each([
    `https://a.test/${'x/'.repeat(4)}`,
    'https://a.test/img/css/img/css/img/css/img/',
    `https://a.test/${Array.from({ length: 25 }, (_, at) => `d${at}`).join('/')}`,
    `https://a.test/?${Array.from({ length: 25 }, (_, at) => `f${at}=1`).join('&')}`,
  ])('is %s', (url) => {
    expect(isTrap(url)).toBe(true);
  });

  it.each([
    'https://a.test',
    'https://a.test/',
    'https://a.test/en/docs/en/docs/',
    `https://a.test/${Array.from({ length: 24 }, (_, at) => `d${at}`).join('/')}`,
    'https://a.test/?a=/x/x/x/x/x',
  ])('is not %s', (url) => {
    expect(isTrap(url)).toBe(false);
  });
});

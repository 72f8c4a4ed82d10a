import { describe, expect, it } from 'vitest';
import { cssReferences } from '../../../core/links/css-references.ts';

type Case = readonly [css: string, ...references: string[]];

/** References, with `@` before those that are style sheets. */
function told(css: string): readonly string[] {
  return [...cssReferences(css)].map(({ kind, url }) => (kind === 'image' ? url : `@${url}`));
}

describe('pictures of a style', () => {
  it.each<Case>([
    ['background: url(a.png)', 'a.png'],
    ['background: URL( a.png )', 'a.png'],
    ['background: url("a.png")', 'a.png'],
    ["background: url( 'a.png' )", 'a.png'],
    ['a{background:url(a) , url(b)}b{list-style:url(c)}', 'a', 'b', 'c'],
    ['background: url(a b.png)', 'a b.png'],
    ['background: url()'],
    ['background: url("")'],
    ['background: myurl(a), -url(b), curl(c)'],
    ['--picture: url(a)', 'a'],
    ['cursor: url(a.cur) 2 2, auto', 'a.cur'],
    ['background: url(data:image/png;base64,AA==)', 'data:image/png;base64,AA=='],
    [
      `background: url("data:image/svg+xml,<svg a='rotate(1)'/>")`,
      "data:image/svg+xml,<svg a='rotate(1)'/>",
    ],
    ['filter: url(#a)', '#a'],
    ['background: url(a', 'a'],
    ['background: url("a', 'a'],
    ['background: url("a" b) url(c)', 'a', 'c'],
    ['behavior: url(a.htc); -moz-binding: url("b.xml#c")'],
    ['scroll-behavior: smooth; background: url(a)', 'a'],
  ])('%j', (css, ...references) => {
    expect(told(css)).toEqual(references);
  });

  it.each<Case>([
    ['image-set("a.png" 1x, "b.png" 2x)', 'a.png', 'b.png'],
    ['-webkit-image-set(url(a) 1x, url(b) 2x)', 'a', 'b'],
    ['image-set("a" type("image/avif"), url(b) type("image/png"))', 'a', 'b'],
    ['image-set(linear-gradient(red, blue) 1x, "a" 2x)', 'a'],
    ['image-set("a" calc((1 + 1) * 1x)), "no"', 'a'],
    ['my-image-set("a")'],
    ['image("a.png", red)', 'a.png'],
    ['image(ltr "a.png")', 'a.png'],
    ['src("a.png")', 'a.png'],
    ['cross-fade(url(a), url("b"), 50%)', 'a', 'b'],
    ['paint-image("a")'],
    ['content: "a.png"'],
    ['content: "url(a.png)"'],
  ])('of sets: %j', (css, ...references) => {
    expect(told(css)).toEqual(references);
  });

  it.each<Case>([
    ['url(a\\(b\\).png)', 'a(b).png'],
    ['url("a\\"b")', 'a"b'],
    ['url(a\\62 c)', 'abc'],
    ['url(\\000061)', 'a'],
    ['url(\\0 a)', '\ufffda'],
    ['url(\\110000 a)', '\ufffda'],
    ['url("a\\\nb")', 'ab'],
    ['url("a\\\r\nb")', 'ab'],
  ])('with escapes: %j', (css, ...references) => {
    expect(told(css)).toEqual(references);
  });

  it.each<Case>([
    ['/* url(a) */ url(b)', 'b'],
    ['/* url(a)'],
    ['url(/*a*/)', '/*a*/'],
    ['"/*" url(a) "*/"', 'a'],
    ["a:'it\nb: url(c)'", 'c'],
  ])('not those of comments and strings: %j', (css, ...references) => {
    expect(told(css)).toEqual(references);
  });

  it.each<Case>([
    ['@font-face{font-family:"a";src:url(a.woff),local("b"),url(c.ttf)}d{background:url(e)}', 'e'],
    ['@media print{@font-face{src:url(a)}b{background:url(c)}}', 'c'],
    ['@FONT-FACE /* x */ {src:url(a)}', ''],
    ['@namespace url(http://www.w3.org/1999/xhtml);a{background:url(b)}', 'b'],
    ['@namespace "x"; @namespace svg "y"; a{background:url(b)}', 'b'],
    ['@media (min-width: 1px){a{background:url(b)}}', 'b'],
    ['@supports (background: url(a)){}', 'a'],
  ])('not fonts and name spaces: %j', (css, ...references) => {
    expect(told(css)).toEqual(references.filter(Boolean));
  });
});

describe('style sheets that a style brings in', () => {
  it.each<Case>([
    ['@import "a.css";', '@a.css'],
    ["@import 'a.css' screen;", '@a.css'],
    ['@import url(a.css);', '@a.css'],
    ['@import url("a.css") layer(b) supports(background: url(c)) print;', '@a.css'],
    ['@IMPORT/**/"a"', '@a'],
    ['@charset "utf-8"; @import "a"; b{background:url(c)}', '@a', 'c'],
    ['@import "a"; @import "b"', '@a', '@b'],
    ['@important "a"'],
  ])('%j', (css, ...references) => {
    expect(told(css)).toEqual(references);
  });
});

it.each([
  ['quotes', '"\n'],
  ['comments', '/*'],
  ['addresses', 'url('],
  ['sets', 'image-set('],
  ['closed addresses', 'url() '],
  ['escapes', '\\'],
  ['rules', '@import '],
  ['font faces', '@font-face{'],
  ['spaces in an address', 'url( '],
  ['braces', '}{'],
])('takes time in its length only: megabytes of %s', (_, unit) => {
  const css = unit.repeat(2_000_000 / unit.length);
  const before = process.cpuUsage();
  expect(told(css).length).toBeLessThan(3_000_000);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(3000);
});

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { DocumentKind } from '../../core/model/document-kind.ts';
import { mutate, randomOf } from '../image/mutate.ts';
import { read } from './read.ts';

const PAGE = `<!doctype html><html><head><meta charset="utf-8"><base href="/b/"><title>A &amp; b</title>
<link rel="stylesheet" href="s.css"><link rel="canonical" href="/c"><meta name="robots" content="noai">
<meta property="og:image" content="o.png"><meta http-equiv="refresh" content="5; url='r'">
<script type="application/ld+json">{"@graph":[{"image":["j.png",{"url":"k.png"}]}]}</script>
<style>@import "i.css"; a{background:url(u.png)} b{background:image-set("v.png" 1x)}</style></head>
<body background=w.png><picture><source srcset="a.webp 1x, b.webp 2x"><img src=c.jpg alt="C &lt;"></picture>
<noscript><img data-src=d.png></noscript><svg><title>t</title><image xlink:href="e.png"/></svg>
<a rel=nofollow href="l?a=1&b=2">x</a><iframe srcdoc="<img src=f.png>"></iframe><!-- c --><![CDATA[x]]>
<div style="background:url('g\\2e png')" data-bgset="h.png 1w"></div></body></html>`;

const STYLE =
  '@charset "utf-8";@import url("a");b{c:url( d )}@font-face{src:url(e)}f{g:image-set("h" 1x)}';

const MANIFEST =
  '{"icons":[{"src":"a.png"}],"shortcuts":[{"icons":[{"src":"/b"}]}],"screenshots":[{"src":"c"}]}';

const SITEMAP = `<?xml version="1.0" encoding="utf-8"?><!DOCTYPE urlset [<!ENTITY a "b">]><urlset><url><loc>/a&amp;</loc>
<image:image><image:loc>/i</image:loc><image:caption>C</image:caption></image:image></url></urlset>`;

const FEED = `<rss><channel><title>T</title><link>/</link><item><link>/a</link><enclosure url="/e.png"/>
<description><![CDATA[<img src=i>]]></description></item></channel></rss>`;

const SEEDS: readonly (readonly [name: string, expected: DocumentKind, file: Buffer])[] = [
  ['a page', 'page', Buffer.from(PAGE)],
  ['a page in UTF-16', 'page', Buffer.from(`\ufeff${PAGE}`, 'utf16le')],
  ['a manifest', 'manifest', Buffer.from(MANIFEST)],
  ['a style sheet', 'style', Buffer.from(STYLE)],
  ['a sitemap', 'sitemap', Buffer.from(SITEMAP)],
  ['a feed', 'sitemap', Buffer.from(FEED)],
  ['a compressed sitemap', 'sitemap', gzipSync(SITEMAP)],
  ['a list', 'sitemap', Buffer.from('https://site.example/a\nhttps://site.example/b\n')],
];

const MUTANTS = 4000;

describe('thousands of mutants are read soundly', () => {
  it.each(SEEDS)('%s', async (_, expected, file) => {
    const random = randomOf(0x5eed + file.length);
    const kinds = new Set<string>();
    for (let n = 0; n < MUTANTS / SEEDS.length; n += 1) {
      const [, , other = file] = SEEDS[random(SEEDS.length)] ?? [];
      const contentType = [undefined, 'text/html', 'text/css', 'application/xml'][random(6)];
      kinds.add(await readSoundly(mutate(file, random, other), expected, contentType));
    }
    expect([...kinds]).toContain(expected);
  });
});

async function readSoundly(
  bytes: Uint8Array,
  expected: DocumentKind,
  contentType: string | undefined,
): Promise<string> {
  const document = await read(bytes, { expected, contentType });
  if (document.kind === 'not-a-page') {
    expect(document.detail).not.toBe('');
    return document.kind;
  }
  const { images, links, canonical, notFollowed } = document;
  for (const { url } of images) expect(url).toMatch(/^(?:https?:\/\/[^#]+|data:image\/.*)$/is);
  for (const { url } of links) expect(url).toMatch(/^https?:\/\/[^#]+$/);
  if (canonical !== undefined) expect(canonical).toMatch(/^https?:\/\/[^#]+$/);
  expect(new Set(images.map(({ url }) => url)).size).toBe(images.length);
  expect(new Set(links.map(({ url }) => url)).size).toBe(links.length);
  expect(notFollowed).toBeGreaterThanOrEqual(0);
  return document.kind;
}

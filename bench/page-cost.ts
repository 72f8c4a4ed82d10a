/**
 * `node bench/page-cost.ts`: what reading a page costs, once the code is warm. Prints one line of
 * JSON: CPU milliseconds a page of 100 kB, and how many images and links it names.
 */

import { readDocument } from '../adapters/html/read-document.ts';
import { PURPOSES } from '../core/model/purpose.ts';

const PAGE_BYTES = 100_000;
const WARM_UP = 200;
const PAGES = 500;

const HEAD = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Birds of the coast</title>
<link rel="stylesheet" href="/site.css"><link rel="icon" href="/icon.svg"><link rel="canonical" href="/birds">
<meta property="og:image" content="/cover.jpg"><style>.hero{background:url("hero.webp") center/cover}</style>
<script type="application/ld+json">{"@type":"Article","image":["/cover.jpg","/cover-4x3.jpg"]}</script></head><body>`;

const page = { bytes: Buffer.from(pageOf(PAGE_BYTES)), ...answer() };
for (let n = 0; n < WARM_UP; n += 1) await readDocument(page);
const before = process.cpuUsage();
for (let n = 1; n < PAGES; n += 1) await readDocument(page);
const document = await readDocument(page);
const { user, system } = process.cpuUsage(before);
if (document.kind === 'not-a-page') throw new Error(document.detail);
console.log(
  JSON.stringify({
    millisPerPage: (user + system) / 1000 / PAGES,
    bytes: page.bytes.length,
    images: document.images.length,
    links: document.links.length,
  }),
);

/** An article of a catalogue: text, a navigation, and a picture in several sizes now and then. */
function pageOf(bytes: number): string {
  let html = HEAD;
  for (let at = 0; html.length < bytes; at += 1) html += sectionOf(at);
  return `${html}</body></html>`;
}

function sectionOf(at: number): string {
  const sizes = [320, 640, 1280].map((width) => `/img/bird-${at}-${width}.webp ${width}w`);
  return `<section id="s${at}" class="card card--wide" data-index="${at}"><h2><a href="/birds/${at}/" class="card__link">Bird ${at}</a></h2>
<picture><source type="image/webp" srcset="${sizes.join(', ')}" sizes="(min-width: 60em) 33vw, 100vw">
<img class="card__image" src="/img/bird-${at}.jpg" alt="A bird at the shore, number ${at}" width="640" height="480" loading="lazy"></picture>
<p class="card__text">It breeds on cliffs &amp; islands, winters at sea, and is seldom seen inland. Its call is a low, dry rattle; chicks leave
the nest after <em>three weeks</em>. See <a href="/birds/${at}/range?lang=en&amp;year=${at}">its range</a> and <a href="#notes">the notes</a>.</p>
<ul class="tags"><li><a href="/tags/coast" rel="tag">coast</a></li><li><a href="/tags/t${at % 40}" rel="tag">t${at % 40}</a></li></ul></section>\n`;
}

function answer() {
  return {
    url: 'https://birds.example/catalogue',
    contentType: 'text/html; charset=utf-8',
    expected: 'page',
    productToken: 'image-crawler',
    purposes: PURPOSES,
    best: false,
  } as const;
}

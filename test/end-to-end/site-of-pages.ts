import type { ServerResponse } from 'node:http';
import { picturePath } from '../../bench/picture-path.ts';

/** Documents by their paths: what is asked for is answered with the content type of its name. */
export type Documents = Readonly<Record<string, string>>;

/** Answers with documents; everything else is answered as a picture. */
export function answerDocuments(documents: Documents) {
  return (path: string, response: ServerResponse): boolean => {
    const body = documents[path];
    if (body === undefined) return false;
    response.writeHead(200, { 'Content-Type': contentTypeOf(path) }).end(body);
    return true;
  };
}

function contentTypeOf(path: string): string {
  if (path.endsWith('.css')) return 'text/css';
  if (path.endsWith('.xml')) return 'application/xml';
  return path.endsWith('.txt') ? 'text/plain' : 'text/html; charset=utf-8';
}

/** Every way in which a page names a picture, each with one of its own: `src(n)` is picture n. */
export const SOURCES: readonly ((src: string) => string)[] = [
  (src) => `<img src="${src}">`,
  (src) => `<img srcset="${src} 2x">`,
  (src) => `<picture><source srcset="${src} 100w"><img alt="none"></picture>`,
  (src) => `<img data-src="${src}">`,
  (src) => `<img data-srcset="${src} 1x">`,
  (src) => `<img data-original="${src}">`,
  (src) => `<img data-lazy="${src}">`,
  (src) => `<noscript><img src="${src}"></noscript>`,
  (src) => `<video poster="${src}"></video>`,
  (src) => `<link rel="icon" href="${src}">`,
  (src) => `<link rel="apple-touch-icon" href="${src}">`,
  (src) => `<link rel="image_src" href="${src}">`,
  (src) => `<link rel="preload" as="image" href="${src}">`,
  (src) => `<meta property="og:image" content="${src}">`,
  (src) => `<meta name="twitter:image" content="${src}">`,
  (src) => `<input type="image" src="${src}">`,
  (src) => `<svg><image href="${src}"/></svg>`,
  (src) => `<svg><image xlink:href="${src}"/></svg>`,
  (src) => `<div style="background: url('${src}')"></div>`,
  (src) => `<style>p { background-image: image-set("${src}" 1x) }</style>`,
  (src) => `<object data="${src}" type="image/png"></object>`,
  (src) => `<embed src="${src}">`,
  (src) =>
    `<script type="application/ld+json">{"@type":"Article","image":{"url":"${src}"}}</script>`,
  (src) => `<a href="${src}">the picture itself</a>`,
];

/** A page with each of them once. */
export function pageOfSources(): string {
  return `<!doctype html><body>${SOURCES.map((markup, n) => markup(picturePath(n))).join('\n')}`;
}

/** So many pages that are known one after the other, each with a picture of its own. */
export function chainOfPages(pages: number): Documents {
  const entries = Array.from({ length: pages }, (_, n) => {
    const next = n + 1 < pages ? `<a href="/p${n + 1}.html">` : '';
    return [n === 0 ? '/' : `/p${n}.html`, `<img src="${picturePath(n)}">${next}`] as const;
  });
  return Object.fromEntries(entries);
}

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BASE_STYLE } from '../report/base-style.ts';
import { Html, html } from '../report/html.ts';
import type { WatchState } from './watch-state.ts';
import { WATCH_STYLE } from './watch-style.ts';

const STYLE = `${BASE_STYLE}${WATCH_STYLE}`;
const SCRIPT = readFileSync(new URL('./page-script.js', import.meta.url), 'utf8');

/** Nothing is loaded or run but this script, this style and pictures of this server. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${sourceOf(SCRIPT)}`,
  `style-src ${sourceOf(STYLE)}`,
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page with what is known now; its script then follows the events of the server. */
export function watchPage(state: WatchState): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Crawl ${state.runId}</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
<h1>Crawl ${state.runId}</h1>
<p><b id="state"></b> <span id="sources" class="quiet"></span></p>
<p id="note" class="quiet" role="status"></p>
</header>
<noscript><p>This page needs JavaScript. <code>crawl status ${state.runId}</code> prints the same figures.</p></noscript>
<div id="tiles" class="tiles"></div>
<div id="shares" class="stack" role="img"></div>
<main>
<section id="errors" hidden><h2>Errors of the crawler</h2>
<p id="errors-note" class="quiet"></p>
<table><thead><tr><th>error</th><th>where</th><th>function</th><th class="n">times</th><th>last (UTC)</th></tr></thead><tbody></tbody></table></section>
<section id="pictures" hidden><h2>Pictures</h2><div class="images"></div>
<nav><button type="button" id="newer">Newer</button> <span id="place" class="quiet"></span> <button type="button" id="older">Older</button></nav></section>
<section id="reasons" hidden><h2>Reasons</h2>
<table><thead><tr><th>reason</th><th>status</th><th class="n">URLs</th><th>meaning</th></tr></thead><tbody></tbody></table></section>
<section id="hosts" hidden><h2>Hosts</h2>
<p id="hosts-note" class="quiet"></p>
<table><thead><tr><th>host</th><th>state</th><th class="n">succeeded</th><th class="n">failed</th><th class="n">skipped</th></tr></thead><tbody></tbody></table></section>
</main>
<script type="application/json" id="first">${jsonInHtml(state)}</script>
<script>${new Html(SCRIPT)}</script>
</body>
</html>
`.text;
}

/** JSON as the text of a script element: nothing in it can end the element. */
function jsonInHtml(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

function sourceOf(text: string): string {
  return `'sha256-${hash('sha256', text, 'base64')}'`;
}

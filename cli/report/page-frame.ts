import { Html, html } from './html.ts';
import { REPORT_STYLE } from './report-style.ts';

/** Nothing may be loaded but the run's own images, and nothing may run: pages show strangers' text. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:";

/** A whole page of a report: it needs no network and no script. */
export function pageFrame(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(REPORT_STYLE)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}

import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { verdictOf } from '../../core/model/outcome.ts';
import { countOf, formatBytes, formatCount, formatMs } from '../options/quantities.ts';
import { EMPTY_HTML, type Html, html } from './html.ts';
import type { ReasonFigures, RunFigures } from './run-figures.ts';
import { bar, link, table } from './table.ts';

/** A slowest URL that took less is not slow, in milliseconds. */
const SLOW_MS = 1000;

/** Why URLs did not succeed. */
export function reasonSection(figures: RunFigures): Html {
  const reasons = figures.reasons();
  if (reasons.length === 0) return EMPTY_HTML;
  const most = Math.max(...reasons.map(({ count }) => count));
  const rows = reasons.map(({ reason, count }) => {
    const { status, about, passing } = verdictOf(reason);
    const tone = status === 'failed' ? 'bad' : 'pass';
    const again = passing ? 'yes: crawl retry' : 'no';
    const name = html`<a href="#${reason}">${reason}</a>`;
    return [
      name,
      html`<span class="${tone}">${status}</span>`,
      formatCount(count),
      about,
      again,
      bar(count, most),
    ];
  });
  const columns = [
    { title: 'reason' },
    { title: 'status' },
    { title: 'URLs', kind: 'n' },
    { title: 'meaning' },
    { title: 'temporary' },
    { title: '', kind: 'bar' },
  ] as const;
  return html`<section><h2>Reasons</h2>${table(columns, rows)}</section>`;
}

/** Some of the targets of each reason, with what was seen. */
export function troubleSection(figures: RunFigures): Html {
  const reasons = figures.reasons();
  if (reasons.length === 0) return EMPTY_HTML;
  return html`<section><h2>Failed and skipped URLs</h2>${reasons.map(samplesOf)}</section>`;
}

function samplesOf({ reason, count, samples }: ReasonFigures): Html {
  const rows = samples.map((result) => [
    linked(result),
    result.httpStatus ?? '',
    result.detail ?? '',
    result.attempts ?? 0,
    formatMs(result.durationMs ?? 0),
  ]);
  const columns = [
    { title: 'URL', kind: 'url' },
    { title: 'HTTP', kind: 'n' },
    { title: 'detail', kind: 'url' },
    { title: 'attempts', kind: 'n' },
    { title: 'took', kind: 'n' },
  ] as const;
  const shown = count > samples.length ? `, ${samples.length} of them` : '';
  return html`<h3 id="${reason}">${reason}: ${countOf(count, 'URL')}${shown}</h3>${table(columns, rows)}`;
}

/** Where the time went, where any of it did. */
export function slowestSection({ slowest, durationsMs }: RunFigures): Html {
  if (durationsMs.max < SLOW_MS) return EMPTY_HTML;
  const within = (share: number) => formatMs(durationsMs.quantile(share));
  const rows = slowest
    .items()
    .map((result) => [
      linked(result),
      result.reason ?? result.format ?? result.status,
      result.attempts ?? 0,
      formatMs(result.durationMs ?? 0),
    ]);
  const columns = [
    { title: 'URL', kind: 'url' },
    { title: 'end' },
    { title: 'attempts', kind: 'n' },
    { title: 'took', kind: 'n' },
  ] as const;
  return html`<section><h2>Slowest</h2>
<p>median ${within(0.5)}, p90 ${within(0.9)}, p99 ${within(0.99)}</p>
${table(columns, rows)}</section>`;
}

/** The heaviest images. */
export function largestSection({ largest }: RunFigures): Html {
  const items = largest.items();
  if (items.length === 0) return EMPTY_HTML;
  const rows = items.map((result) => {
    const { format = '', width, height, bytes = 0 } = result;
    return [
      linked(result),
      format,
      width === undefined ? '' : `${width}×${height}`,
      formatBytes(bytes),
    ];
  });
  const columns = [
    { title: 'URL', kind: 'url' },
    { title: 'format' },
    { title: 'pixels', kind: 'n' },
    { title: 'bytes', kind: 'n' },
  ] as const;
  return html`<section><h2>Largest</h2>${table(columns, rows)}</section>`;
}

function linked({ url, finalUrl, foundOn }: ResultLine): Html {
  const from =
    finalUrl === undefined
      ? EMPTY_HTML
      : html`<br><span class="quiet">from ${link(finalUrl)}</span>`;
  const on =
    foundOn === undefined ? EMPTY_HTML : html`<br><span class="quiet">on ${link(foundOn)}</span>`;
  return html`${link(url)}${from}${on}`;
}

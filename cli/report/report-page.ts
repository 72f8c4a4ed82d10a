import type { RunProgress } from '../../core/progress.ts';
import type { Run } from '../../core/run.ts';
import { countOf, formatBytes, formatCount, formatRate, formatSeconds } from '../quantities.ts';
import { formatSection, hostSection, sizeSection } from './group-sections.ts';
import { Html, html, NOTHING } from './html.ts';
import { REPORT_STYLE } from './report-style.ts';
import {
  largestSection,
  reasonSection,
  slowestSection,
  troubleSection,
} from './result-sections.ts';
import type { RunFigures } from './run-figures.ts';
import { thumbnailSection } from './thumbnail-section.ts';
import { timelineSection } from './timeline-section.ts';

/** What a report tells of. */
export interface ReportMatter {
  readonly run: Run;
  readonly progress: RunProgress;
  readonly figures: RunFigures;
  /** Address of a result's file from the page; undefined when a browser cannot open it. */
  readonly linkOf: (file: string) => string | undefined;
  /** When the page was written, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** Nothing may be loaded but the run's own images, and nothing may run: the page shows strangers' text. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:";

/** The report of a run: one page of HTML that needs no network and no script. */
export function reportPage(matter: ReportMatter): string {
  const { run, progress, figures, linkOf } = matter;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Crawl ${run.runId}</title>
<style>${new Html(REPORT_STYLE)}</style>
</head>
<body>
${header(matter)}
${tiles(progress, figures)}
${shares(progress)}
<main>
${timelineSection(figures.timeline)}
${reasonSection(figures)}
${troubleSection(figures)}
${hostSection(figures)}
<div class="columns">${formatSection(figures)}${sizeSection(figures)}</div>
${slowestSection(figures)}
${largestSection(figures)}
${thumbnailSection(figures, linkOf)}
${badLines(progress)}
${settingsSection(run)}
</main>
</body>
</html>
`;
  return page.text;
}

function header({ run, progress, nowMs }: ReportMatter): Html {
  const robots = run.settings.ignoreRobots
    ? html` · <b class="bad">robots.txt was ignored</b>`
    : '';
  const sources = [...new Set(run.lists.map(({ name }) => name))].join(', ');
  return html`<header>
<h1>Crawl ${run.runId}</h1>
<p>${progress.state} · started ${utc(run.startedMs)} · from ${sources}${robots}</p>
<p class="quiet">as of ${utc(nowMs)}</p>
</header>`;
}

function tiles(progress: RunProgress, figures: RunFigures): Html {
  const { targets, succeeded, documents, failed, skipped, bytes, seconds } = progress;
  const rate = seconds > 0 ? formatRate((succeeded - documents) / seconds) : '–';
  const pages = documents === 0 ? [] : [tile(formatCount(documents), 'of them pages')];
  return html`<div class="tiles">${[
    tile(formatCount(targets), 'targets'),
    tile(formatCount(succeeded), 'succeeded', 'good'),
    ...pages,
    tile(formatCount(failed), 'failed', 'bad'),
    tile(formatCount(skipped), 'skipped', 'pass'),
    tile(formatBytes(bytes), 'of bodies'),
    tile(formatSeconds(seconds), 'to the last one'),
    tile(rate, 'images a second'),
    tile(formatCount(figures.retried), 'tried more than once'),
    tile(formatCount(figures.redirected), 'redirected'),
  ]}</div>`;
}

function tile(number: string, about: string, tone = ''): Html {
  return html`<div class="tile"><b class="${tone}">${number}</b>${about}</div>`;
}

function shares({ targets, succeeded, failed, skipped }: RunProgress): Html {
  if (targets === 0) return NOTHING;
  const part = (count: number, tone: string, name: string) => {
    const share = ((100 * count) / targets).toFixed(2);
    return html`<i class="${tone}" style="width:${share}%" title="${name}: ${formatCount(count)}"></i>`;
  };
  const text = `${formatCount(succeeded)} succeeded, ${formatCount(failed)} failed, ${formatCount(skipped)} skipped`;
  return html`<div class="stack" role="img" aria-label="${text}">${[
    part(succeeded, 'good', 'succeeded'),
    part(failed, 'bad', 'failed'),
    part(skipped, 'pass', 'skipped'),
  ]}</div>`;
}

function badLines({ badLines, badSamples }: RunProgress): Html {
  if (badLines === 0) return NOTHING;
  return html`<section><h2>${countOf(badLines, 'line')} without a usable URL</h2>
<ul>${badSamples.map((sample) => html`<li class="url">${sample}</li>`)}</ul>
${badLines > badSamples.length ? html`<p class="quiet">… and ${formatCount(badLines - badSamples.length)} more</p>` : ''}</section>`;
}

function settingsSection({ settings }: Run): Html {
  const { imagesFolder: _, headers = [], pages = {}, ...told } = settings;
  // Their values may be secrets.
  const names = headers.map(({ host, name }) => (host === undefined ? name : `${host} ${name}`));
  const shown = headers.length === 0 ? {} : { headers: names };
  const rows = Object.entries({ ...told, ...shown, ...pages }).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(', ') || 'none' : String(value);
    return html`<tr><th scope="row">${name}</th><td>${text}</td></tr>`;
  });
  return html`<section><h2>Settings</h2><table><tbody>${rows}</tbody></table></section>`;
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

import type { RunProgress } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import { countOf, formatCount } from '../options/quantities.ts';
import { brokenLinkSection } from './broken-links.ts';
import { gallery, type LinkOf } from './gallery.ts';
import { GALLERY_FOLDER, galleryPage } from './gallery-pages.ts';
import { formatSection, sizeSection } from './group-sections.ts';
import { hostSection } from './host-section.ts';
import { EMPTY_HTML, type Html, html } from './html.ts';
import { pageFrame } from './page-frame.ts';
import {
  largestSection,
  reasonSection,
  slowestSection,
  troubleSection,
} from './result-sections.ts';
import type { RunFigures } from './run-figures.ts';
import { runTiles } from './run-tiles.ts';
import { settingsSection } from './settings-section.ts';
import { timelineSection } from './timeline-section.ts';

/** Pages of the gallery that are linked one by one. */
const LINKED_PAGES = 200;

/** What a report tells of. */
export interface ReportMatter {
  readonly run: Run;
  readonly progress: RunProgress;
  readonly figures: RunFigures;
  readonly linkOf: LinkOf;
  /** Pages of the gallery beside the report. */
  readonly galleryPages: number;
  /** When the page was written, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** The report of a run: one page of HTML that needs no network and no script. */
export function reportPage(matter: ReportMatter): string {
  const { run, progress, figures } = matter;
  return pageFrame(
    `Crawl ${run.runId}`,
    html`${header(matter)}
${runTiles(progress, figures)}
<main>
${pictureSection(matter)}
${reasonSection(figures)}
${brokenLinkSection(figures)}
${hostSection(figures)}
<div class="columns">${formatSection(figures)}${sizeSection(figures)}</div>
${timelineSection(figures.timeline)}
${troubleSection(figures)}
${slowestSection(figures)}
${largestSection(figures)}
${badLines(progress)}
${settingsSection(run)}
</main>`,
  );
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

/** Some of the pictures, and the way to all of them. */
function pictureSection({ figures, linkOf, galleryPages }: ReportMatter): Html {
  const shown = gallery(figures.thumbnails.items(), linkOf);
  if (shown === EMPTY_HTML) return EMPTY_HTML;
  const pages = Array.from({ length: Math.min(galleryPages, LINKED_PAGES) }, (_, at) => {
    return html`<a href="${GALLERY_FOLDER}/${galleryPage(at + 1)}">${at + 1}</a> `;
  });
  const way =
    galleryPages > 0
      ? html`<nav>All ${countOf(figures.distinct, 'picture')}, page ${pages}${galleryPages > LINKED_PAGES ? html` … ${formatCount(galleryPages)}` : ''}</nav>`
      : EMPTY_HTML;
  return html`<section><h2>Pictures</h2>${shown}${way}</section>`;
}

function badLines({ badLines, badSamples }: RunProgress): Html {
  if (badLines === 0) return EMPTY_HTML;
  return html`<section><h2>${countOf(badLines, 'line')} without a usable URL</h2>
<ul>${badSamples.map((sample) => html`<li class="url">${sample}</li>`)}</ul>
${badLines > badSamples.length ? html`<p class="quiet">… and ${formatCount(badLines - badSamples.length)} more</p>` : ''}</section>`;
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

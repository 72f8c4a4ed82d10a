import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { countOf } from '../options/quantities.ts';
import { EMPTY_HTML, type Html, html } from './html.ts';
import type { RunFigures } from './run-figures.ts';
import { link, table } from './table.ts';

/** Failed URLs with the pages that name them: what the owner of a site would mend. */
export function brokenLinkSection({ brokenLinks, brokenLinkCount }: RunFigures): Html {
  if (brokenLinkCount === 0) return EMPTY_HTML;
  const byPage = Map.groupBy(brokenLinks, ({ foundOn = '' }) => foundOn);
  const rows = [...byPage].flatMap(([page, links]) => links.map((one) => rowOf(page, one)));
  const columns = [
    { title: 'on page', kind: 'url' },
    { title: 'broken link', kind: 'url' },
    { title: 'reason' },
  ] as const;
  const rest = brokenLinkCount - brokenLinks.length;
  return html`<section><h2>${countOf(brokenLinkCount, 'broken link')}</h2>${table(columns, rows)}
${rest > 0 ? html`<p class="quiet">… and ${countOf(rest, 'more', 'more')}: crawl results --status failed lists all</p>` : ''}</section>`;
}

function rowOf(page: string, { url, reason, httpStatus }: ResultLine) {
  const status = httpStatus === undefined ? '' : ` (HTTP ${httpStatus})`;
  return [link(page), link(url), `${reason ?? ''}${status}`];
}

import type { RunProgress } from '../../core/model/progress.ts';
import {
  countOf,
  formatBytes,
  formatCount,
  formatDollars,
  formatRate,
  formatSeconds,
} from '../options/quantities.ts';
import { EMPTY_HTML, type Html, html } from './html.ts';
import type { RunFigures } from './run-figures.ts';

/** The figures of a run that are read first. */
export function runTiles(progress: RunProgress, figures: RunFigures): Html {
  const { targets, succeeded, documents, failed, skipped, bytes, seconds } = progress;
  const { cost, unchanged = 0, savedBytes = 0 } = progress;
  const images = succeeded - documents;
  const rate = seconds > 0 ? formatRate(images / seconds) : '–';
  const { retried, redirected, distinct } = figures;
  const tiles = [
    tile(formatCount(targets), 'URLs'),
    tile(formatCount(images), 'images', 'good'),
    ...(distinct > 0 ? [tile(formatCount(distinct), 'distinct pictures')] : []),
    ...(documents > 0 ? [tile(formatCount(documents), documents === 1 ? 'page' : 'pages')] : []),
    tile(formatCount(failed), 'failed', 'bad'),
    tile(formatCount(skipped), 'skipped', 'pass'),
    tile(formatBytes(bytes), 'downloaded'),
    ...(unchanged > 0 ? [tile(formatCount(unchanged), 'unchanged')] : []),
    ...(savedBytes > 0 ? [tile(formatBytes(savedBytes), 'not downloaded again')] : []),
    tile(formatSeconds(seconds), 'elapsed'),
    tile(rate, 'images/s'),
    ...(cost === undefined ? [] : [tile(formatDollars(cost), 'estimated cost on AWS')]),
  ];
  const more = [
    ...(retried > 0 ? [`${countOf(retried, 'URL')} took more than one attempt`] : []),
    ...(redirected > 0 ? [`${countOf(redirected, 'URL')} redirected`] : []),
  ];
  return html`<div class="tiles">${tiles}</div>
${shares(progress)}
${more.length > 0 ? html`<p class="quiet">${more.join(', ')}</p>` : EMPTY_HTML}`;
}

function tile(number: string, about: string, tone = ''): Html {
  return html`<div class="tile"><b class="${tone}">${number}</b>${about}</div>`;
}

function shares({ targets, succeeded, failed, skipped }: RunProgress): Html {
  if (targets === 0) return EMPTY_HTML;
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

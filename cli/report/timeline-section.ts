import { formatCount, formatMs } from '../options/quantities.ts';
import { EMPTY_HTML, type Html, html } from './html.ts';
import type { Timeline } from './timeline.ts';

const HEIGHT = 100;

/** When targets were settled, as columns. */
export function timelineSection(timeline: Timeline): Html {
  const counts = timeline.columns();
  if (counts.length < 2) return EMPTY_HTML;
  const most = Math.max(...counts);
  const width = formatMs(timeline.widthMs);
  const columns = counts.map((count, at) => {
    const height = (HEIGHT * count) / most;
    const y = (HEIGHT - height).toFixed(1);
    return html`<rect x="${at}.1" y="${y}" width="0.8" height="${height.toFixed(1)}"><title>${formatCount(count)}</title></rect>`;
  });
  const whole = formatMs(counts.length * timeline.widthMs);
  const about = `URLs finished per ${width} (peak ${formatCount(most)}), over ${whole}`;
  return html`<section><h2>Over time</h2>
<svg viewBox="0 0 ${counts.length} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${about}">${columns}</svg>
<p class="quiet">${about}</p></section>`;
}

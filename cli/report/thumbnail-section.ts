import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { formatBytes } from '../quantities.ts';
import { type Html, html, NOTHING } from './html.ts';
import type { RunFigures } from './run-figures.ts';

/** Formats that browsers show. */
const SHOWN = new Set(['jpeg', 'png', 'gif', 'webp', 'avif', 'svg', 'bmp', 'ico']);
/** More than this is much for a reader's memory, in pixels. */
const MOST_PIXELS = 40_000_000;

/** Some of the images, from their files beside the page. */
export function thumbnailSection(
  { thumbnails }: RunFigures,
  linkOf: (file: string) => string | undefined,
): Html {
  const figures = thumbnails.items().flatMap((result) => {
    const address = linkOf(result.file ?? '');
    return address === undefined ? [] : [thumbnail(result, address)];
  });
  if (figures.length === 0) return NOTHING;
  return html`<section><h2>Some of the images</h2><div class="images">${figures}</div></section>`;
}

function thumbnail(
  { url, format = '', width = 0, height = 0, bytes = 0 }: ResultLine,
  address: string,
): Html {
  const isShown = SHOWN.has(format) && width * height <= MOST_PIXELS;
  const picture = isShown
    ? html`<img src="${address}" alt="" loading="lazy" decoding="async">`
    : NOTHING;
  return html`<a href="${address}" title="${url}">${picture}${format} ${width}×${height}, ${formatBytes(bytes)}</a>`;
}

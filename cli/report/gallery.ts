import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { formatBytes } from '../options/quantities.ts';
import { captionOf, pageText } from './caption.ts';
import { EMPTY_HTML, type Html, html } from './html.ts';
import { isShown } from './shown-formats.ts';
import { link } from './table.ts';

/** Address of a result's file from a page; undefined when a browser cannot open it. */
export type LinkOf = (file: string) => string | undefined;

/** Pictures with their captions. */
export function gallery(results: readonly ResultLine[], linkOf: LinkOf): Html {
  const figures = results.flatMap((result) => {
    const address = linkOf(result.file ?? '');
    return address === undefined ? [] : [figure(result, address)];
  });
  return figures.length === 0 ? EMPTY_HTML : html`<div class="images">${figures}</div>`;
}

function figure(result: ResultLine, address: string): Html {
  const { url, foundOn, format = '', width = 0, height = 0, bytes = 0 } = result;
  const caption = captionOf(result);
  const picture = isShown(result)
    ? html`<img src="${address}" alt="${caption}" loading="lazy" decoding="async">`
    : html`<p class="quiet none">${format}</p>`;
  const page = foundOn === undefined ? EMPTY_HTML : named(foundOn, pageText(foundOn));
  return html`<figure><a href="${address}">${picture}</a>
<figcaption>${named(url, caption)}<span class="quiet">${format} ${width}×${height}, ${formatBytes(bytes)}</span>${page}</figcaption></figure>\n`;
}

/** What a page itself holds has an address that may be megabytes long. */
function named(url: string, text: string): Html {
  return url.length > 4000 ? html`${text}` : link(url, text);
}

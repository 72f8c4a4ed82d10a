import { cssReferences } from '../../core/links/css-references.ts';
import type { Finds } from './finds.ts';

/** The pictures of a style, and the style sheets that it brings in. */
export function readCss(css: string, finds: Finds): void {
  for (const { kind, url } of cssReferences(css)) {
    if (kind === 'image') finds.image(url);
    else finds.link(url, 'style', { nofollow: false });
    if (finds.isFull) return;
  }
}

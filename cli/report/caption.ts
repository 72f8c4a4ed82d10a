import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { visible } from './html.ts';

/** Longest caption, in characters. */
const MAX_LENGTH = 160;

/**
 * What a picture is called: its title or its alternative text where a page has one, or the last
 * part of its address. Text of strangers on one line, shortened, nothing invisible in it.
 */
export function captionOf({ title, alt, url }: Pick<ResultLine, 'title' | 'alt' | 'url'>): string {
  for (const text of [title, alt, lastPartOf(url)]) {
    const caption = shortened(text ?? '');
    if (caption !== '') return caption;
  }
  return shortened(url);
}

/** How a page is called beside its picture: by its path, since it is mostly of the same host. */
export function pageText(url: string): string {
  const parsed = URL.parse(url);
  return shortened(`on ${parsed === null ? url : `${parsed.pathname}${parsed.search}`}`, 80);
}

/** A text on one line of at most so many characters; a character is never cut in two. */
export function shortened(text: string, maxLength: number = MAX_LENGTH): string {
  // Cut twice: a text of a megabyte is not taken apart into a million characters.
  const line = text
    .slice(0, 4 * maxLength)
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  const isWhole = characters.length <= maxLength && text.length <= 4 * maxLength;
  return visible(isWhole ? line : `${characters.slice(0, maxLength - 1).join('')}…`);
}

function lastPartOf(url: string): string {
  if (url.startsWith('data:')) return 'inside a page';
  const part =
    URL.parse(url)
      ?.pathname.split('/')
      .findLast((one) => one !== '') ?? '';
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

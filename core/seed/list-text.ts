/** A text that should be a URL, or what is wrong with it. */
export interface ListText {
  readonly text: string;
  readonly problem?: string;
}

/** A URL and nothing else, in characters that mean nothing in a list: most lines are no more. */
const PLAIN_URL = /^https?:\/\/(?:[\w.~:/?#@!$()*+=%-]|&(?!amp;|#))+$/;
const URL_START = /^["'<]?https?:\/\//i;
/** `URL` takes these for the same. */
const WEB_SCHEME = /^["'<]?https?:/i;
const URL_STARTS = /["'<]?https?:\/\//gi;
const SPACE = /[\s\u{200b}\u{200e}\u{200f}\u{2060}]/u;
const SEPARATOR = /[\s,;|]/;
const IMAGE_ENDING = /\.(?:jpe?g|jfif|png|gif|webp|avif|svg|bmp|tiff?|ico|heic|heif|jxl)/i.source;
const ENDS_AS_IMAGE = new RegExp(`${IMAGE_ENDING}(?:[?#].*)?$`, 'is');
/** A path whose last segment has begun and has no ending so far: the name of a file may go on after a space. */
const OPEN_NAME = /^https?:\/\/[^/?#]+\/(?:[^?#]*\/)?[^./?#]*[^./?#,;|]$/i;
const CAPTION_BEHIND_COMMA = new RegExp(`${IMAGE_ENDING}[,;][^/?&=.,;]+$`, 'i');
/** The ampersand as HTML writes it. */
const AMPERSAND = /&(?:amp|#0*38|#x0*26);/gi;

/** Whether a text begins as an address of the web. */
export function isUrlText(text: string): boolean {
  return URL_START.test(stripped(text));
}

/** The URLs of a line of a text list; none of a blank line or a comment. */
export function textsOfLine(line: string): readonly ListText[] {
  if (PLAIN_URL.test(line)) return [{ text: line }];
  const text = stripped(stripped(line).replace(/\s#.*$/s, ''));
  if (text === '' || text.startsWith('#')) return [];
  const fields = text.split('\t').filter((field) => stripped(field) !== '');
  if (fields.length === 1) return piecesOf(text).map(checkedText);
  const urls = fields.filter(isUrlText);
  if (urls.length === 0) return [{ text, problem: 'none of the fields between its TABs is a URL' }];
  return urls.flatMap(piecesOf).map(checkedText);
}

/**
 * The URLs of one cell of a table or one string of JSON; none of an empty one. It may be a list in
 * brackets, as Python and JSON write them.
 */
export function textsOfCell(cell: string): readonly ListText[] {
  if (PLAIN_URL.test(cell)) return [{ text: cell }];
  const text = stripped(stripped(cell).replace(/^\[(.*)\]$/s, '$1'));
  return text === '' ? [] : piecesOf(text).map(checkedCell);
}

/** Cut where the next URL begins; words before the first one are left out, addresses are not. */
function piecesOf(text: string): readonly string[] {
  const starts = [...text.matchAll(URL_STARTS)].flatMap(({ index }) =>
    index > 0 && SEPARATOR.test(text.charAt(index - 1)) ? [index] : [],
  );
  const pieces = [0, ...starts].map((from, at) => text.slice(from, starts[at]));
  const [first = '', ...rest] = pieces;
  const isWord = rest.length > 0 && !isUrlText(first) && !/\/|\w\.\w/.test(first);
  return isWord ? rest : pieces;
}

/**
 * A space ends nothing for sure: what follows may be a caption or the rest of a file's name. It is
 * taken for a name only where nothing before it looks like one and the text ends like an image.
 */
function checkedText(piece: string): ListText {
  const text = bare(piece);
  const [start = ''] = text.split(/\s/, 1);
  const isName = OPEN_NAME.test(start) && ENDS_AS_IMAGE.test(text) && !/[^\S ]/.test(text);
  const problem =
    /\s/.test(text) && !isName && WEB_SCHEME.test(text)
      ? 'a space in it: write %20, or a TAB before text that is not part of the URL'
      : problemOf(text);
  return { text, problem };
}

/** A cell ends the URL for sure: a blank in the name of its file is part of it. */
function checkedCell(piece: string): ListText {
  const text = bare(piece);
  const [start = ''] = text.split(' ', 1);
  const isName = ENDS_AS_IMAGE.test(text) && !ENDS_AS_IMAGE.test(start);
  const problem =
    text.includes(' ') && !isName && WEB_SCHEME.test(text)
      ? 'a space in it: write %20'
      : problemOf(text);
  return { text, problem };
}

/** What `URL` would mend in silence, or take for a part of the address. */
function problemOf(text: string): string | undefined {
  if (/\p{Cc}/u.test(text)) return 'a control character in it';
  if (text.includes('\u{fffd}') || !text.isWellFormed()) return 'it is not UTF-8';
  if (!WEB_SCHEME.test(text)) return undefined;
  if (/["<>]/.test(text)) return 'a quote or bracket in it: write %22, %3C or %3E';
  if (CAPTION_BEHIND_COMMA.test(text))
    return 'text after a comma: write %2C where it is part of the URL';
  return undefined;
}

/** Without quotes and brackets around it and separators behind it; ampersands as they are meant. */
function bare(piece: string): string {
  const text = piece.slice(0, endWithout(piece, SEPARATOR));
  const inner = /^(?:"([^"]*)"|'([^']*)'|<([^>]*)>)$/s.exec(text);
  const content = inner?.slice(1).find((part) => part !== undefined && isUrlText(part)) ?? text;
  return stripped(content).replace(AMPERSAND, '&');
}

/** Without space around, and without marks of byte order and direction that are copied with it. */
function stripped(text: string): string {
  let from = 0;
  while (from < text.length && SPACE.test(text.charAt(from))) from += 1;
  return text.slice(from, Math.max(from, endWithout(text, SPACE)));
}

/** By hand: a pattern that begins anywhere takes a time that is the square of the length. */
function endWithout(text: string, pattern: RegExp): number {
  let end = text.length;
  while (end > 0 && pattern.test(text.charAt(end - 1))) end -= 1;
  return end;
}

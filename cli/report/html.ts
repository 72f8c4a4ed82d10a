/** Text that is HTML already; all other text is escaped where it is put into a page. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may be put into a page. */
export type Piece = Html | string | number | readonly Html[];

/** HTML whose pieces are escaped unless they are HTML themselves. */
export function html(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const parts = texts.map((text, at) => `${at === 0 ? '' : textOf(pieces[at - 1])}${text}`);
  return new Html(parts.join(''));
}

/** No HTML. */
export const EMPTY_HTML = new Html('');

/**
 * Text of strangers with nothing in it that cannot be seen. Control characters and those that turn
 * the direction of writing are shown as escapes: they could make an address look like another one.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** Text of strangers as text of a page or as the value of an attribute in quotes. */
export function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function textOf(piece: Piece | undefined): string {
  if (piece === undefined) return '';
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'object') return piece.map(({ text }) => text).join('');
  return escaped(String(piece));
}

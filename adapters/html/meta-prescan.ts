import { beginningOf, encodingOf } from './encodings.ts';

/** What may stand where the prescan looks: a comment, a tag, or something that ends with `>`. */
const TOKEN = /<(?:!--|meta(?=[\t\n\f\r />])|\/?(?=[a-z])[^\t\n\f\r >]*|[!/?])/gi;

/** One attribute; a quote that is not closed ends the value. */
const ATTRIBUTE =
  /[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r >"'][^\t\n\f\r >]*)?))?/y;

/** The HTML standard's "extracting a character encoding from a meta element". */
const CHARSET_IN_CONTENT =
  /charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r ;"']+))/i;

const XML_DECLARATION = /^<\?xml[^>]*?\sencoding\s*=\s*(?:"([^">]*)"|'([^'>]*)')/;

/** The encoding that the first bytes declare ("prescan a byte stream"), in a `meta` or as XML does. */
export function declaredInMarkup(bytes: Uint8Array): string | undefined {
  const text = beginningOf(bytes);
  return declaredInMeta(text) ?? declaredAsXml(text);
}

/** The encoding of an XML declaration. */
export function declaredAsXml(text: string): string | undefined {
  const match = XML_DECLARATION.exec(text);
  return inAscii(encodingOf(match?.[1] ?? match?.[2]));
}

function declaredInMeta(text: string): string | undefined {
  const tokens = new RegExp(TOKEN);
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [token] = match;
    if (token === '<!--') {
      tokens.lastIndex = behind(text, '-->', match.index + 2);
    } else if (/^<\/?[a-z]/i.test(token)) {
      const { attributes, end } = attributesAt(text, tokens.lastIndex);
      tokens.lastIndex = end;
      const found = /^<meta$/i.test(token) ? declaredBy(attributes) : undefined;
      if (found !== undefined) return found;
    } else {
      tokens.lastIndex = behind(text, '>', match.index + 1);
    }
  }
  return undefined;
}

function declaredBy(attributes: ReadonlyMap<string, string>): string | undefined {
  const charset = attributes.get('charset');
  if (charset !== undefined) return inAscii(encodingOf(charset));
  if (attributes.get('http-equiv')?.toLowerCase() !== 'content-type') return undefined;
  const match = CHARSET_IN_CONTENT.exec(attributes.get('content') ?? '');
  return inAscii(encodingOf(match?.[1] ?? match?.[2] ?? match?.[3]));
}

/** Who reads a declaration byte by byte knows that it is not UTF-16. */
function inAscii(encoding: string | undefined): string | undefined {
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return 'utf-8';
  return encoding === 'x-user-defined' ? 'windows-1252' : encoding;
}

function attributesAt(text: string, from: number) {
  const attributes = new Map<string, string>();
  let end = from;
  ATTRIBUTE.lastIndex = from;
  for (let match = ATTRIBUTE.exec(text); match !== null; match = ATTRIBUTE.exec(text)) {
    end = ATTRIBUTE.lastIndex;
    const name = (match[1] ?? '').toLowerCase();
    const value = match[2] ?? match[3] ?? match[4] ?? '';
    if (!attributes.has(name)) attributes.set(name, value);
  }
  return { attributes, end };
}

function behind(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at === -1 ? text.length : at + what.length;
}

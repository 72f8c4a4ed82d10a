import { BrokenImage } from './broken-image.ts';
import { ByteReader } from './byte-reader.ts';

/** The root element of an XML document. */
export interface Root {
  /** With its prefix, if it has one. */
  readonly name: string;
  /** Where its attributes begin. */
  readonly from: number;
}

interface StartTag {
  /** Those that were wanted. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Whether it is an empty element. */
  readonly isClosed: boolean;
  /** Behind the tag. */
  readonly end: number;
}

/** Longer values are no sizes. */
const MOST_VALUE_BYTES = 256;

/** No longer name is ever asked for. */
const MOST_NAME_BYTES = 64;

const SPACES: ReadonlySet<number> = bytesOf(' \t\r\n');
const NAME_ENDS: ReadonlySet<number> = bytesOf(' \t\r\n/>=<"\'');

/** What ends a value, by what begins it. */
const QUOTES: ReadonlyMap<number, Uint8Array> = new Map(
  [...Buffer.from(`"'`)].map((quote) => [quote, Buffer.from([quote])]),
);

const COMMENT_END = Buffer.from('-->');
const INSTRUCTION_END = Buffer.from('?>');
const [OPEN, GREATER, BRACKET, BRACKET_END] = Buffer.from('<>[]');

function bytesOf(text: string): ReadonlySet<number> {
  return new Set(Buffer.from(text));
}

/** How UTF-16 begins, with its mark or without (XML 1.0, appendix F). */
const UTF16: readonly (readonly [begins: string, encoding: string])[] = [
  ['\xff\xfe', 'utf-16le'],
  ['<\0', 'utf-16le'],
  ['\xfe\xff', 'utf-16be'],
  ['\0<', 'utf-16be'],
];

/** The same text in UTF-8 and without a byte order mark; other encodings of ASCII's family as they are. */
export function asUtf8(file: ByteReader): ByteReader {
  if (file.is(0, '\xef\xbb\xbf')) return file.part(3);
  const encoding = UTF16.find(([begins]) => file.is(0, begins))?.[1];
  if (encoding === undefined) return file;
  const text = new TextDecoder(encoding).decode(file.bytes(0, file.length));
  return new ByteReader(Buffer.from(text));
}

/** The root element, behind declaration, comments and document type; undefined where there is none. */
export function rootOf(text: ByteReader): Root | undefined {
  let at = skipMisc(text, 0);
  if (text.is(at, '<!') && text.length >= at + 9 && /^<!doctype$/i.test(text.text(at, 9)))
    at = skipMisc(text, doctypeEnd(text, at + 9));
  if (!text.is(at, '<')) return undefined;
  const name = nameAt(text, at + 1);
  const from = at + 1 + name.length;
  return /^[A-Za-z_]/.test(name) && from < text.length ? { name, from } : undefined;
}

/** Behind space, comments and processing instructions. */
export function skipMisc(text: ByteReader, from: number): number {
  for (let at = from; ; ) {
    at = skipSpace(text, at);
    const close = miscClose(text, at);
    if (close === undefined) return at;
    at = behind(text, close, at + 2);
  }
}

/** What ends the comment or processing instruction that begins here. */
function miscClose(text: ByteReader, at: number): Uint8Array | undefined {
  if (text.is(at, '<?')) return INSTRUCTION_END;
  return text.is(at, '<!--') ? COMMENT_END : undefined;
}

/** Reads a start tag up to its end. @throws BrokenImage where it is not one */
export function readStartTag(
  text: ByteReader,
  { from }: Root,
  wanted: ReadonlySet<string>,
): StartTag {
  const attributes = new Map<string, string>();
  for (let at = skipSpace(text, from); ; at = skipSpace(text, at)) {
    if (text.is(at, '>')) return { attributes, isClosed: false, end: at + 1 };
    if (text.is(at, '/>')) return { attributes, isClosed: true, end: at + 2 };
    const name = nameAt(text, at);
    const valueAt = skipSpace(text, skipSign(text, skipSpace(text, at + name.length)));
    const quote = QUOTES.get(text.u8(valueAt));
    if (name === '' || quote === undefined) throw new BrokenImage('its start tag is damaged');
    const end = behind(text, quote, valueAt + 1);
    const length = end - 1 - (valueAt + 1);
    if (wanted.has(name) && length <= MOST_VALUE_BYTES)
      attributes.set(name, text.text(valueAt + 1, length));
    at = end;
  }
}

function skipSign(text: ByteReader, at: number): number {
  if (!text.is(at, '=')) throw new BrokenImage('its start tag is damaged');
  return at + 1;
}

function skipSpace(text: ByteReader, from: number): number {
  let at = from;
  while (at < text.length && SPACES.has(text.u8(at))) at += 1;
  return at;
}

/** Up to where a name ends; cut where it is too long to be one of ours. */
function nameAt(text: ByteReader, from: number): string {
  let at = from;
  while (at < text.length && at - from < MOST_NAME_BYTES && !NAME_ENDS.has(text.u8(at))) at += 1;
  return text.text(from, at - from);
}

function behind(text: ByteReader, what: Uint8Array, from: number): number {
  const at = text.find(what, from);
  if (at === -1) throw new BrokenImage('it ends too early');
  return at + what.length;
}

/** Behind a document type. Its entities are stepped over and never expanded. */
function doctypeEnd(text: ByteReader, from: number): number {
  let isInside = false;
  for (let at = from; ; ) {
    const char = text.u8(at);
    if (char === GREATER && !isInside) return at + 1;
    if (char === BRACKET) isInside = true;
    if (char === BRACKET_END) isInside = false;
    const close = char === OPEN ? miscClose(text, at) : QUOTES.get(char);
    at = close === undefined ? at + 1 : behind(text, close, at + 1);
  }
}

/** What a line of robots.txt is about; lines about anything else are left out. */
export type Directive =
  | 'user-agent'
  | 'allow'
  | 'disallow'
  | 'crawl-delay'
  | 'sitemap'
  | 'content-usage'
  | 'content-signal'
  | 'license';

export interface RobotsLine {
  readonly directive: Directive;
  /** Without comment and space around it; each character one octet of the file. */
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
}

/** No more of a file is read (RFC 9309, section 2.5, asks for this much at least). */
export const MAX_ROBOTS_BYTES = 500 * 1024;

/** No more of a line is read: what a reader with a buffer of eight longest URLs keeps of it. */
const MAX_LINE_BYTES = 2083 * 8 - 1;

/** A key that begins so, in any case, is the directive: `Disallows` and these misspellings too. */
const NAMES: Readonly<Record<Directive, readonly string[]>> = {
  'user-agent': ['user-agent', 'useragent', 'user agent'],
  allow: ['allow'],
  disallow: ['disallow', 'dissallow', 'dissalow', 'disalow', 'diasllow', 'disallaw'],
  'crawl-delay': ['crawl-delay', 'crawldelay', 'crawl delay'],
  sitemap: ['sitemap', 'site-map'],
  'content-usage': ['content-usage'],
  'content-signal': ['content-signal'],
  license: ['license'],
};

const DIRECTIVES: readonly Directive[] = [
  'user-agent',
  'allow',
  'disallow',
  'crawl-delay',
  'sitemap',
  'content-usage',
  'content-signal',
  'license',
];

/** Byte order marks of files that are not UTF-8; section 2.2.2 lets us read them all the same. */
const UTF_16 = [
  ['\xff\xfe', 'utf-16le'],
  ['\xfe\xff', 'utf-16be'],
] as const;

/** The lines of a robots.txt that say something, in their order, whatever the bytes are. */
export function* robotsLines(body: Uint8Array): Generator<RobotsLine> {
  let number = 0;
  for (const text of octetsOf(withinLimit(body)).split(/\r\n|\r|\n/)) {
    number += 1;
    const line = readLine(text.slice(0, MAX_LINE_BYTES), number);
    if (line !== undefined) yield line;
  }
}

/** A line that the limit cuts is dropped: a rule with half a path forbids the wrong pages. */
function withinLimit(body: Uint8Array): Uint8Array {
  if (body.length <= MAX_ROBOTS_BYTES) return body;
  let end = MAX_ROBOTS_BYTES;
  while (end > 0 && body[end] !== 0x0a && body[end] !== 0x0d) end -= 1;
  return body.subarray(0, end);
}

/** Octets, not characters: a file in another encoding still has rules that match its URLs. */
function octetsOf(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const octets = bytes.toString('latin1');
  const encoding = UTF_16.find(([mark]) => octets.startsWith(mark))?.[1];
  if (encoding !== undefined) {
    return Buffer.from(new TextDecoder(encoding).decode(bytes)).toString('latin1');
  }
  // A byte order mark, or as much of one as some editor left.
  return octets.replace(/^\xef(?:\xbb\xbf?)?/, '');
}

function readLine(text: string, line: number): RobotsLine | undefined {
  const comment = text.indexOf('#');
  const pair = splitLine(stripped(comment === -1 ? text : text.slice(0, comment)));
  if (pair === undefined) return undefined;
  const [name, value] = pair;
  const key = name.toLowerCase();
  const directive = DIRECTIVES.find((one) => NAMES[one].some((start) => key.startsWith(start)));
  return directive === undefined ? undefined : { directive, value, line };
}

/** `key: value`; the colon may be forgotten where there are just two words. */
function splitLine(text: string): readonly [key: string, value: string] | undefined {
  const colon = text.indexOf(':');
  if (colon !== -1) return [stripped(text.slice(0, colon)), stripped(text.slice(colon + 1))];
  const [, key, value] = /^([^ \t]+)[ \t]+([^ \t]+)$/.exec(text) ?? [];
  return key === undefined || value === undefined ? undefined : [key, value];
}

/** Without ASCII space around it. Not `trim`: that takes octets of a UTF-8 character for space. */
function stripped(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

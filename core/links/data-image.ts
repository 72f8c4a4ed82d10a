import { hash } from 'node:crypto';

/** An image whose bytes stand in its URL. */
export interface DataImage {
  /** The URL itself where it is short, otherwise one that names type and SHA-256: a result stays small. */
  readonly url: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Longest `data:` URL that is kept as the name of its image, in characters. */
const MAX_NAME = 512;

/** Reads a `data:` URL (RFC 2397; Fetch standard, "data: URL processor"); undefined when it is not one. */
export function parseDataImage(text: string): DataImage | undefined {
  const url = URL.parse(text)?.href;
  const comma = url?.indexOf(',') ?? -1;
  if (url === undefined || !url.startsWith('data:') || comma === -1) return undefined;
  const head = url.slice('data:'.length, comma).trim();
  const isBase64 = /; *base64$/i.test(head);
  const contentType = (head.split(';')[0] ?? '').trim().toLowerCase();
  const body = url.slice(comma + 1).replace(/#.*$/s, '');
  const bytes = isBase64 ? base64Bytes(body) : percentBytes(body);
  if (bytes === undefined) return undefined;
  const named = `data:${contentType};sha256=${hash('sha256', bytes)},`;
  return { url: url.length > MAX_NAME ? named : url.replace(/#.*$/s, ''), contentType, bytes };
}

/** Forgiving base64 of the Infra standard: white space is nothing, the padding may be missing. */
function base64Bytes(text: string): Uint8Array | undefined {
  const plain = Buffer.from(percentBytes(text))
    .toString('latin1')
    .replace(/[\t\n\f\r ]/g, '');
  const isBase64 =
    /^[A-Za-z0-9+/]*={0,2}$/.test(plain) && plain.replace(/=+$/, '').length % 4 !== 1;
  return isBase64 ? Buffer.from(plain, 'base64') : undefined;
}

/** Percent-decoding of the URL standard: what is no escape stands for itself. */
function percentBytes(text: string): Uint8Array {
  if (!text.includes('%')) return Buffer.from(text);
  const raw = Buffer.from(text);
  const bytes = Buffer.alloc(raw.length);
  let length = 0;
  for (let at = 0; at < raw.length; at += 1) {
    const digits = raw[at] === PERCENT ? raw.toString('latin1', at + 1, at + 3) : '';
    const isEscape = /^[0-9a-f]{2}$/i.test(digits);
    bytes[length] = isEscape ? Number.parseInt(digits, 16) : (raw[at] ?? 0);
    length += 1;
    if (isEscape) at += 2;
  }
  return bytes.subarray(0, length);
}

const PERCENT = 0x25;

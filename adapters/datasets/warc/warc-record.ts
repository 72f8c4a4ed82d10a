import { hash } from 'node:crypto';

/** A named field of a record. */
export type WarcField = readonly [name: string, value: string | undefined];

/** What a record is made of. */
export interface RecordParts {
  readonly type: 'warcinfo' | 'request' | 'response' | 'revisit';
  /** `<urn:uuid:…>`, see `recordId`. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly contentType: string;
  /** Besides those that every record has; one without a value is left out. */
  readonly fields: readonly WarcField[];
  readonly block: readonly Uint8Array[];
}

/** A WARC 1.1 record (ISO 28500:2017), not compressed. */
export function warcRecord(parts: RecordParts): Buffer {
  const block = Buffer.concat(parts.block);
  const fields: readonly WarcField[] = [
    ['WARC-Type', parts.type],
    ['WARC-Record-ID', parts.id],
    ['WARC-Date', parts.date],
    ...parts.fields,
    ['WARC-Block-Digest', digestOf(hash('sha256', block, 'hex'))],
    ['Content-Type', parts.contentType],
    ['Content-Length', String(block.length)],
  ];
  const lines = fields.filter(([, value]) => value !== undefined).map(lineOf);
  const head = Buffer.from(`WARC/1.1\r\n${lines.join('')}\r\n`);
  return Buffer.concat([head, block, END]);
}

const END = Buffer.from('\r\n\r\n');

/** A line feed in a value would begin a field of its own. */
function lineOf([name, value = '']: WarcField): string {
  return `${name}: ${value.replaceAll(/[\r\n]+/g, ' ')}\r\n`;
}

/** How records tell a SHA-256 that is known in hexadecimal. */
export function digestOf(sha256: string): string {
  return `sha256:${sha256}`;
}

/** A UUID (RFC 9562, version 8) that is the same for the same text, so that an archive is, too. */
export function recordId(text: string): string {
  const hex = hash('sha256', text, 'hex');
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4];
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `<urn:uuid:${parts.join('-')}>`;
}

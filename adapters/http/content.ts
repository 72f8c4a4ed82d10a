import type { Headers } from '../../core/ports/fetcher.ts';

/** What an answer brings of the resource. */
export interface Content {
  readonly kind: 'whole' | 'part' | 'none';
  /** Bytes that have to come, where it is not the parser that counts them. */
  readonly length?: number;
  /** Of a part: which. */
  readonly detail: string;
}

/** As long as there is no answer, and for every status that brings something else. */
export const NO_CONTENT: Content = { kind: 'none', detail: '' };
const WHOLE: Content = { kind: 'whole', detail: '' };

/**
 * Statuses whose body is the resource (RFC 9110, section 15.3). Not 202: what comes with it stands
 * for something that is still being made.
 */
const WITH_RESOURCE: ReadonlySet<number> = new Set([200, 201, 203]);

/** What an answer brings, by its status. Nobody asks for a range: a whole one is as good as a 200. */
export function contentOf(httpStatus: number, headers: Headers): Content {
  if (WITH_RESOURCE.has(httpStatus)) return WHOLE;
  return httpStatus === 206 ? contentOfPart(headers) : NO_CONTENT;
}

/** Without a range nothing tells of a part that is missing: some servers write 206 for everything. */
function contentOfPart(headers: Headers): Content {
  const range = headers['content-range'];
  if (range !== undefined) return contentOfRange(range);
  const isMultipart = /^\s*multipart\/byteranges\b/i.test(headers['content-type'] ?? '');
  return isMultipart ? { kind: 'part', detail: 'HTTP 206 in several parts' } : WHOLE;
}

function contentOfRange(range: string): Content {
  const [, first, last, length] = /^\s*bytes\s+(\d+)-(\d+)\/(\d+)\s*$/i.exec(range) ?? [];
  if (length !== undefined && Number(first) === 0 && Number(last) + 1 === Number(length))
    return { kind: 'whole', length: Number(length), detail: '' };
  return { kind: 'part', detail: `HTTP 206, Content-Range: ${range.slice(0, 60)}` };
}

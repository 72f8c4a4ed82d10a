import { hash } from 'node:crypto';
import type { KeptExchange } from '../../../core/model/result.ts';
import type { ArchiveLine } from '../data-set-line.ts';
import type { CdxjEntry } from './cdxj.ts';
import type { FirstPayloads } from './first-payloads.ts';
import { archivedHead, factsOfHead, hasBody, headBytes } from './http-head.ts';
import { digestOf, recordId, type WarcField, warcRecord } from './warc-record.ts';

/** A record, with what the index tells of it; absent for requests. */
interface ArchiveRecord {
  readonly record: Buffer;
  readonly entry?: Omit<CdxjEntry, 'offset' | 'length' | 'filename'>;
}

const PROFILES = 'http://netpreserve.org/warc/1.1/revisit/';
const SAME_PAYLOAD = `${PROFILES}identical-payload-digest`;
const NOT_MODIFIED = `${PROFILES}server-not-modified`;
const RESPONSE = 'application/http;msgtype=response';
const REQUEST = 'application/http;msgtype=request';
const NO_BYTES = new Uint8Array();

/**
 * The records of a target: for each of its exchanges the answer and the request. The last one has the
 * body, but where an earlier archive has it.
 */
export function exchangeRecords(
  line: ArchiveLine,
  body: Uint8Array,
  payloads: FirstPayloads,
): readonly ArchiveRecord[] {
  const exchanges = line.exchanges ?? [];
  return exchanges.flatMap((exchange, index) => {
    const isLast = index === exchanges.length - 1;
    const id = answerId(line.url, index, exchange.at);
    const answer = isLast
      ? finalAnswer(id, exchange, line, body, payloads)
      : redirectAnswer(id, exchange);
    return [answer, { record: requestRecord(id, exchange) }];
  });
}

/** The same for the same exchange, so that later archives find it by what results say. */
function answerId(url: string, index: number, at: string): string {
  return recordId(`response ${url} ${index} ${at}`);
}

const NO_SHA256 = hash('sha256', NO_BYTES, 'hex');

/** The body of a redirect is not kept: where there was one, the record says that it is cut. */
function redirectAnswer(id: string, exchange: KeptExchange): ArchiveRecord {
  const truncated = hasBody(exchange.response) ? 'unspecified' : undefined;
  return answerRecord(id, exchange, 'response', NO_BYTES, NO_SHA256, [
    ['WARC-Truncated', truncated],
  ]);
}

/** Bytes that a hook changed are not what the site sent: the digest is that of what is archived. */
function finalAnswer(
  id: string,
  exchange: KeptExchange,
  line: ArchiveLine,
  body: Uint8Array,
  payloads: FirstPayloads,
): ArchiveRecord {
  const { sha256, archived, url } = line;
  if (archived !== undefined) {
    const { response } = exchange;
    const isSame = factsOfHead(response).status === '304';
    const head = isSame ? headBytes(response) : archivedHead(response, line.bytes ?? 0);
    const fields: readonly WarcField[] = [
      ['WARC-Profile', isSame ? NOT_MODIFIED : SAME_PAYLOAD],
      ['WARC-Refers-To', answerId(url, archived.index, archived.at)],
      ['WARC-Refers-To-Target-URI', archived.url],
      ['WARC-Refers-To-Date', archived.at],
    ];
    return answerRecord(id, exchange, 'revisit', NO_BYTES, sha256, fields, head);
  }
  const first = payloads.meet(sha256, { url: exchange.url, date: exchange.at });
  if (first === undefined) return answerRecord(id, exchange, 'response', body, sha256);
  return answerRecord(id, exchange, 'revisit', body, sha256, [
    ['WARC-Profile', SAME_PAYLOAD],
    ['WARC-Refers-To-Target-URI', first.url],
    ['WARC-Refers-To-Date', first.date],
  ]);
}

function answerRecord(
  id: string,
  { url, at: date, response, address, http2 }: KeptExchange,
  type: 'response' | 'revisit',
  body: Uint8Array,
  sha256: string,
  more: readonly WarcField[] = [],
  head = archivedHead(response, body.byteLength),
): ArchiveRecord {
  const digest = digestOf(sha256);
  const fields: readonly WarcField[] = [
    ['WARC-Target-URI', url],
    ['WARC-IP-Address', address],
    ['WARC-Protocol', http2 === true ? 'h2' : undefined],
    ...more,
    ['WARC-Payload-Digest', digest],
  ];
  const block = type === 'revisit' ? [head] : [head, body];
  const record = warcRecord({ type, id, date, contentType: RESPONSE, fields, block });
  const { status, mime } = factsOfHead(response);
  const entry = { url, date, mime: type === 'revisit' ? 'warc/revisit' : mime, status, digest };
  return { record, entry };
}

function requestRecord(
  answerId: string,
  { url, at: date, request, address }: KeptExchange,
): Buffer {
  return warcRecord({
    type: 'request',
    id: recordId(`request ${answerId}`),
    date,
    contentType: REQUEST,
    fields: [
      ['WARC-Target-URI', url],
      ['WARC-IP-Address', address],
      ['WARC-Concurrent-To', answerId],
    ],
    block: [headBytes(request)],
  });
}

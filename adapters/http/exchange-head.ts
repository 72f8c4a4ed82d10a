import type { ExchangeHead } from '../../core/ports/fetcher.ts';

/** A request as it goes out. */
export interface SentRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What undici has of the head of an answer: pairs of octets, or an object where it came over HTTP/2. */
type RawHeaders = readonly (Buffer | string)[] | object | null | undefined;

/**
 * The heads of an exchange as they went over the wire: names as they were written, repeated fields
 * and their order. What came over HTTP/2 is told in the form of HTTP/1.1, as web archives do.
 */
export function headOf(
  request: SentRequest,
  status: { readonly code: number; readonly text?: string },
  raw: RawHeaders,
): ExchangeHead {
  const isHttp1 = Array.isArray(raw);
  const answered = isHttp1 ? pairsOf(raw) : Object.entries(raw ?? {}).flatMap(expanded);
  const connection: readonly Field[] = isHttp1 ? [['connection', 'keep-alive']] : [];
  const host: Field = ['host', new URL(request.origin).host];
  return {
    protocol: isHttp1 ? 'http/1.1' : 'h2',
    request: text(`${request.method} ${request.path} HTTP/1.1`, [
      host,
      ...connection,
      ...Object.entries(request.headers),
    ]),
    response: text(`HTTP/1.1 ${status.code} ${status.text ?? ''}`.trimEnd(), answered),
  };
}

type Field = readonly [name: string, value: string];

function pairsOf(raw: readonly (Buffer | string)[]): readonly Field[] {
  const fields: Field[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2)
    fields.push([octets(raw[at]), octets(raw[at + 1])]);
  return fields;
}

function expanded([name, value]: readonly [string, unknown]): readonly Field[] {
  if (name.startsWith(':') || value === undefined) return [];
  const values = Array.isArray(value) ? value : [value];
  return values.map((one) => [name, String(one)]);
}

/** A character for each octet. */
function octets(value: Buffer | string | undefined = ''): string {
  return typeof value === 'string' ? value : value.toString('latin1');
}

function text(first: string, fields: readonly Field[]): string {
  return [first, ...fields.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
}

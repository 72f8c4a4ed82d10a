/** Where a record of an archive is, as an index tells it. */
export interface CdxjEntry {
  readonly url: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly mime: string;
  readonly status: string;
  readonly digest: string;
  /** Compressed. */
  readonly length: number;
  readonly offset: number;
  readonly filename: string;
}

/** A line of a CDXJ index without its line feed: sorted by code units it is in its order. */
export function cdxjLine({ date, length, offset, ...entry }: CdxjEntry): string {
  const timestamp = date.replaceAll(/\D/g, '').slice(0, 14);
  const fields = { ...entry, length: String(length), offset: String(offset) };
  return `${surtOf(entry.url)} ${timestamp} ${JSON.stringify(fields)}`;
}

/** A URL by which an archive finds it: host reversed, without `www`, case and the order of the query. */
export function surtOf(url: string): string {
  const parsed = URL.parse(url.replace(/^(https?:\/\/)www\d*\./i, '$1').toLowerCase());
  if (parsed === null || !parsed.protocol.startsWith('http')) return url.replaceAll(' ', '%20');
  const host = parsed.hostname.split('.').reverse().join(',');
  const port = parsed.port === '' ? '' : `:${parsed.port}`;
  const query =
    parsed.search === '' ? '' : `?${parsed.search.slice(1).split('&').sort().join('&')}`;
  return `${host}${port})${parsed.pathname}${query}`;
}

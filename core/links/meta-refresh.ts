/** Seconds, a separator and an address: the HTML standard's "shared declarative refresh steps". */
const REFRESH = /^(?:\d[\d.]*|\.[\d.]*)\s*[;,\s]\s*(?:url\s*=\s*)?([\s\S]+)$/i;

/** The address that a `<meta http-equiv="refresh">` leads to; undefined where it only reloads. */
export function refreshTarget(content: string): string | undefined {
  const address = REFRESH.exec(content.trim())?.[1];
  if (address === undefined) return undefined;
  const quote = /^["']/.exec(address)?.[0];
  if (quote === undefined) return address;
  const end = address.indexOf(quote, 1);
  return end === -1 ? address.slice(1) : address.slice(1, end);
}

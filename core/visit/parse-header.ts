import { parseUrl } from '../model/canonical-url.ts';
import type { RequestHeader } from '../model/run.ts';

/** Most bytes of a value: with a few such fields servers refuse the head. */
const MAX_VALUE_LENGTH = 4000;
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Visible ASCII, spaces and tabs: above all no line end, behind which anything could be written. */
const VALUE = /^[\t\x20-\x7e]*$/;

/** Fields that are the fetcher's: they describe the message, the connection or what can be read. */
const OURS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'range',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
]);

/** Fields that let whoever has them act as somebody: they belong to one host. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie']);

/** A header field as it was typed, or what is wrong with it; never with its value, which may be a secret. */
export type ParsedHeader =
  | { readonly kind: 'header'; readonly header: RequestHeader }
  | { readonly kind: 'bad'; readonly problem: string };

/** Reads `Name: value`, for every host, or `HOST Name: value`, for one host or `*.` all below it. */
export function parseHeader(text: string): ParsedHeader {
  if (/^\s*https?:\/\//i.test(text)) return bad('name the host without its scheme');
  const colon = colonOfField(text);
  if (colon === -1) return bad('expected "Name: value" or "HOST Name: value"');
  const value = text.slice(colon + 1).trim();
  const [name = '', host, ...more] = text.slice(0, colon).trim().split(/\s+/).toReversed();
  if (more.length > 0) return bad('expected "Name: value" or "HOST Name: value"');
  const header: RequestHeader =
    host === undefined ? { name, value } : { host: host.toLowerCase(), name, value };
  const problem = problemOfHeader(header);
  return problem === undefined ? { kind: 'header', header } : bad(problem);
}

/** What is wrong with a header field; undefined when it may be sent. */
export function problemOfHeader({ host, name, value }: RequestHeader): string | undefined {
  if (!TOKEN.test(name)) return 'expected a field name before the colon, of letters, digits and -';
  const lower = name.toLowerCase();
  if (OURS.has(lower) || lower.startsWith('if-') || lower.startsWith('proxy-'))
    return `${name} is the crawler's own to set${lower === 'user-agent' ? ': see --user-agent' : ''}`;
  if (!VALUE.test(value)) return `the value of ${name} has to be printable ASCII on one line`;
  if (value.length > MAX_VALUE_LENGTH)
    return `the value of ${name} is longer than ${MAX_VALUE_LENGTH} characters`;
  if (host !== undefined && !isHost(host)) return `not a host, as in "example.com ${name}: …"`;
  if (host === undefined && CREDENTIALS.has(lower))
    return `${name} is for one host: name it, as in "example.com ${name}: …"`;
  return undefined;
}

/** A host may have a port or be an IPv6 address: its colons are not the one of the field. */
function colonOfField(text: string): number {
  const match = /^\s*(?:(?:\[[^\]\s]*\]|[^\s:]+)(?::\d+)?\s+)?[^\s:]+\s*:/.exec(text);
  return match === null ? -1 : match[0].length - 1;
}

function isHost(host: string): boolean {
  const name = host.startsWith('*.') ? host.slice(2) : host;
  // As it stands in a canonical URL: that is what it is compared with.
  const parsed = [`http://${name}/`, `https://${name}/`].map((url) => parseUrl(url));
  return parsed.some((one) => one.kind === 'url' && one.host === name);
}

function bad(problem: string): ParsedHeader {
  return { kind: 'bad', problem };
}

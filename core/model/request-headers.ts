import { hostOf, originOf } from './canonical-url.ts';
import type { RequestHeader, Run } from './run.ts';

/** A request as a part of a visit. */
export interface Occasion {
  /** The address that the visit began with; `url` may be one that it was sent on to. */
  readonly first: string;
  /** The page that named the target. */
  readonly page?: string;
  /** The `Cookie` header that a jar has for the request. */
  readonly cookies?: string;
}

/**
 * The header fields of a request besides those that every request has, by their names in lower case;
 * undefined when there are none. What the run was given comes before what is sent by itself.
 */
export function requestHeaders(
  url: string,
  { first, page, cookies }: Occasion,
  run: Run,
): Readonly<Record<string, string>> | undefined {
  const referer = refererOf(url, page, run.settings.referer);
  const given = givenHeaders(url, first, run);
  if (referer === undefined && cookies === undefined) return given;
  const own: Record<string, string> = {};
  if (referer !== undefined) own['referer'] = referer;
  if (cookies !== undefined) own['cookie'] = cookies;
  if (given === undefined) return own;
  const both = [cookies, given['cookie']].filter((cookie) => cookie !== undefined);
  return both.length === 0 ? { ...own, ...given } : { ...own, ...given, cookie: both.join('; ') };
}

/** Those of them that the run was given; undefined when there are none. */
export function givenHeaders(
  url: string,
  first: string,
  { settings }: Run,
): Readonly<Record<string, string>> | undefined {
  if (settings.headers === undefined || settings.headers.length === 0) return undefined;
  const fields: Record<string, string> = {};
  for (const header of settings.headers) {
    if (!isFor(header, url, first)) continue;
    const name = header.name.toLowerCase();
    const before = fields[name];
    const separator = name === 'cookie' ? '; ' : ', ';
    fields[name] = before === undefined ? header.value : `${before}${separator}${header.value}`;
  }
  return fields;
}

/** As `strict-origin-when-cross-origin`, which is what browsers do (W3C Referrer Policy, 3.7). */
function refererOf(
  url: string,
  page: string | undefined,
  mode: Run['settings']['referer'] = 'page',
): string | undefined {
  if (mode === 'none') return undefined;
  if (mode === 'site') return `${originOf(url)}/`;
  if (page === undefined || !page.startsWith('http')) return undefined;
  if (originOf(page) === originOf(url)) return page;
  return isDowngrade(page, url) ? undefined : `${originOf(page)}/`;
}

/** A header of one host is not sent where a stranger's redirect leads to it, nor in clear after TLS. */
function isFor({ host }: RequestHeader, url: string, first: string): boolean {
  if (host === undefined) return true;
  const asked = hostOf(url);
  const isNamed = host.startsWith('*.') ? asked.endsWith(host.slice(1)) : asked === host;
  return isNamed && (originOf(first) === originOf(url) || isUpgrade(first, url));
}

function isDowngrade(from: string, to: string): boolean {
  return from.startsWith('https:') && to.startsWith('http:');
}

/** The same host, by TLS now. */
function isUpgrade(from: string, to: string): boolean {
  return from.startsWith('http:') && to.startsWith('https:') && hostOf(from) === hostOf(to);
}

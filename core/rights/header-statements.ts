import { type Statement, statement } from '../model/statement.ts';
import type { Headers } from '../ports/fetcher.ts';
import { parseContentUsage } from './content-usage.ts';
import { xRobotsTagRules } from './opt-out.ts';
import { directivesStatement, robotsTagRules } from './robots-tag.ts';
import { type PlacedTdmStatement, parseReservation } from './tdmrep.ts';

/** What the head of an answer says of the rights in its body. */
export interface HeaderRights {
  readonly statements: readonly Statement[];
  /** Kept apart: it supersedes what the file of the origin says. */
  readonly tdm?: PlacedTdmStatement;
  /** Address of an RSL document with the terms, as it is written. */
  readonly license?: string;
}

/** No more of a `Link` header is read, in characters. */
const MAX_LINK = 8192;

const NONE: HeaderRights = { statements: [] };

/** All fields in which something is said of rights. */
export const RIGHTS_HEADERS = [
  'content-usage',
  'robots-tag',
  'x-robots-tag',
  'tdm-reservation',
  'tdm-policy',
  'link',
] as const;

/** Whether none of them is there: most answers say nothing, and this is asked about each of them. */
export function saysNothing(headers: Headers): boolean {
  return RIGHTS_HEADERS.every((name) => headers[name] === undefined);
}

/** Reads the head of an answer for a product token. */
export function headerRights(headers: Headers, productToken: string): HeaderRights {
  const usage = headers['content-usage'];
  const robots = headers['robots-tag'];
  const xRobots = headers['x-robots-tag'];
  const reservation = headers['tdm-reservation'];
  const policy = headers['tdm-policy'];
  const link = headers['link'];
  if (saysNothing(headers)) return NONE;
  const statements: Statement[] = [];
  const add = (one: Statement | undefined) => {
    if (one !== undefined) statements.push(one);
  };
  if (usage !== undefined)
    add(statement('content-usage', 'header', usage, parseContentUsage(usage)));
  if (robots !== undefined || xRobots !== undefined) {
    const rules = new Set([
      ...xRobotsTagRules(xRobots, productToken),
      ...robotsTagRules(robots ?? '', productToken),
    ]);
    add(directivesStatement(rules, 'header'));
  }
  return {
    statements,
    ...(reservation === undefined && policy === undefined
      ? {}
      : { tdm: { where: 'header', reservation: strictest(reservation), policy } }),
    ...(link !== undefined && { license: rslLinkOf(link) }),
  };
}

/** A header that was sent twice is joined with a comma: a reservation in either holds. */
function strictest(reservation = ''): 0 | 1 | undefined {
  const values = reservation.split(',').map(parseReservation);
  if (values.includes(1)) return 1;
  return values.every((value) => value === 0) ? 0 : undefined;
}

/**
 * The target of a `Link` (RFC 8288) with the relation `license` and the media type of RSL;
 * undefined when there is none. `header` may hold several links.
 */
export function rslLinkOf(header: string): string | undefined {
  for (const [, target = '', parameters = ''] of header.slice(0, MAX_LINK).matchAll(LINK)) {
    const isLicense = valuesOf(parameters, 'rel').includes('license');
    const isRsl = valuesOf(parameters, 'type').includes('application/rsl+xml');
    if (isLicense && isRsl) return target.trim();
  }
  return undefined;
}

/** `<target>` and its parameters, up to a comma outside of quotes. */
const LINK = /<([^<>]*)>((?:\s*;\s*[^\s;,="]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)/g;

/** Words of a parameter, in lower case; of equal parameters the first counts (RFC 8288, section 3.3). */
function valuesOf(parameters: string, name: string): readonly string[] {
  for (const [, key = '', quoted, plain = ''] of parameters.matchAll(PARAMETER)) {
    if (key.toLowerCase() === name) return (quoted ?? plain).toLowerCase().split(/\s+/);
  }
  return [];
}

const PARAMETER = /;\s*([^\s;,="]+)(?:\s*=\s*(?:"([^"]*)"|([^\s;,"]*)))?/g;

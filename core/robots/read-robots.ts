import { namesProduct } from '../model/product-token.ts';
import type { RightsRule, RobotsRules } from '../model/robots-rules.ts';
import { parseRightsRule } from './rights-line.ts';
import { type RobotsLine, robotsLines } from './robots-lines.ts';

/** No more sitemaps of a file are kept. */
export const MAX_SITEMAPS = 1000;
/** No more rules about rights of a group are kept. */
const MAX_RIGHTS = 1000;

/**
 * Reads a robots.txt by RFC 9309, as forgiving as the widest used parser is. Never throws: bytes
 * that are no robots.txt are one without rules. Reads its first `MAX_ROBOTS_BYTES`.
 */
export function readRobots(body: Uint8Array, productToken: string): RobotsRules {
  const reading = new Reading(productToken);
  for (const line of robotsLines(body)) reading.take(line);
  return reading.rules();
}

/** The rules of all groups with one name: RFC 9309, section 2.2.1, has them combined. */
interface Group {
  isNamed: boolean;
  /** Patterns with their first lines, in the order of the file. */
  readonly allow: Map<string, number>;
  readonly disallow: Map<string, number>;
  crawlDelayMs: number | undefined;
  readonly rights: RightsRule[];
  license: string | undefined;
}

class Reading {
  readonly #productToken: string;
  readonly #ours = newGroup();
  readonly #everyones = newGroup();
  /** What stands before any group: RSL 1.0 has it about the whole site, and so do those who write it. */
  readonly #global = newGroup();
  #hasGroups = false;
  readonly #sitemaps = new Set<string>();
  /** Those of the two groups that the user-agent lines above name. */
  #named: Group[] = [];
  /** Only rules end a list of user-agents: other lines must not (section 2.2.4). */
  #hasRules = false;

  constructor(productToken: string) {
    this.#productToken = productToken;
  }

  take({ directive, value, line }: RobotsLine): void {
    if (directive === 'user-agent') this.#name(value);
    else if (directive === 'crawl-delay') this.#slowDown(value);
    else if (directive === 'sitemap') this.#addSitemap(value);
    else if (directive === 'license') this.#addLicense(value);
    else if (directive === 'allow' || directive === 'disallow')
      this.#addRule(directive, value, line);
    else this.#addRights(parseRightsRule(directive, value));
  }

  rules(): RobotsRules {
    const group = this.#ours.isNamed ? this.#ours : this.#everyones;
    return {
      allow: [...group.allow],
      disallow: [...group.disallow],
      ...(group.crawlDelayMs === undefined ? {} : { crawlDelayMs: group.crawlDelayMs }),
      sitemaps: [...this.#sitemaps],
      ...this.#rightsOf(group),
    };
  }

  /** A file that says nothing of rights takes no room for them where it is kept. */
  #rightsOf(group: Group): Pick<RobotsRules, 'rights' | 'license'> {
    const rights = [...this.#global.rights, ...group.rights].slice(0, MAX_RIGHTS);
    const license = group.license ?? this.#global.license;
    return {
      ...(rights.length > 0 && { rights }),
      ...(license !== undefined && { license }),
    };
  }

  #name(value: string): void {
    if (this.#hasRules) this.#named = [];
    this.#hasRules = false;
    this.#hasGroups = true;
    const group = this.#groupOf(value);
    if (group === undefined) return;
    group.isNamed = true;
    this.#named.push(group);
  }

  #groupOf(value: string): Group | undefined {
    if (/^\*(?:[\t ]|$)/.test(value)) return this.#everyones;
    return namesProduct(value, this.#productToken) ? this.#ours : undefined;
  }

  #addRule(directive: 'allow' | 'disallow', value: string, line: number): void {
    this.#hasRules = true;
    // A path begins with a slash: no other pattern, nor an empty one, ever matches.
    if (!value.startsWith('/') && !value.startsWith('*')) return;
    const pattern = legible(value);
    for (const { [directive]: lines } of this.#named) {
      if (!lines.has(pattern)) lines.set(pattern, line);
    }
  }

  /** For the agents named so far: `a`, its delay, `b`, its rules is one group with two delays. */
  #slowDown(value: string): void {
    if (!/^(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})$/.test(value)) return;
    const delayMs = Math.round(Number(value) * 1000);
    for (const group of this.#named) {
      group.crawlDelayMs = Math.max(group.crawlDelayMs ?? 0, delayMs);
    }
  }

  /** They are rules of a group like others, and end a list of user-agents (draft-ietf-aipref-attach). */
  #addRights(rule: RightsRule): void {
    this.#hasRules = true;
    for (const { rights } of this.#concerned())
      if (rights.length < MAX_RIGHTS) rights.push({ ...rule, path: legible(rule.path) });
  }

  #addLicense(value: string): void {
    for (const group of this.#concerned()) group.license ??= legible(value);
  }

  #concerned(): readonly Group[] {
    return this.#hasGroups ? this.#named : [this.#global];
  }

  #addSitemap(value: string): void {
    if (value !== '' && this.#sitemaps.size < MAX_SITEMAPS) this.#sitemaps.add(legible(value));
  }
}

function newGroup(): Group {
  return {
    isNamed: false,
    allow: new Map(),
    disallow: new Map(),
    crawlDelayMs: undefined,
    rights: [],
    license: undefined,
  };
}

/** Octets as text; what is no UTF-8 is escaped as it is, what would harm a terminal as well. */
function legible(octets: string): string {
  if (/^[ -~]*$/.test(octets)) return octets;
  const text = Buffer.from(octets, 'latin1').toString();
  const whole = text.includes('\u{fffd}') ? escapeOctets(octets) : text;
  return whole.replace(/\p{C}/gu, encodeURIComponent);
}

function escapeOctets(octets: string): string {
  return octets.replace(/[^ -~]/g, (one) => {
    return `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

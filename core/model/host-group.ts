import { hostOf } from './canonical-url.ts';

/** Groups asked for a host by its owner; a host that is not named has one. */
export type HostShards = Readonly<Record<string, number>>;

/** How the hosts of a run are put into groups. */
export interface Grouping {
  /** Number of groups. */
  readonly groups: number;
  readonly hostShards: HostShards;
}

/** The hosts with groups of their own, in an order that does not depend on how they were written. */
export function sortedShards({ hostShards }: Grouping): readonly (readonly [string, number])[] {
  return Object.entries(hostShards).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether two groupings put every URL into the same group. */
export function isSameGrouping(a: Grouping, b: Grouping): boolean {
  return nameOfGrouping(a) === nameOfGrouping(b);
}

/** Tells a grouping apart from others. */
export function nameOfGrouping(grouping: Grouping): string {
  return `${grouping.groups} ${JSON.stringify(sortedShards(grouping))}`;
}

/**
 * The host group of a URL: the same for every URL of a host, so that one worker at a time speaks
 * with it. Groups and not hosts, so that hosts with few URLs still fill tasks together.
 */
export function hostGroup(url: string, host: string, { groups, hostShards }: Grouping): string {
  const count = hostShards[host] ?? 1;
  const key = count > 1 ? `${host}#${fnv1a(url) % count}` : host;
  return `g${fnv1a(key) % groups}`;
}

/** The host group of a canonical URL, or of a `data:` URL: these have no host and share a group. */
export function groupOfUrl(url: string, grouping: Grouping): string {
  return hostGroup(url, url.startsWith('data:') ? 'data:' : hostOf(url), grouping);
}

/** The names of all groups. */
export function groupNames({ groups }: Grouping): readonly string[] {
  return Array.from({ length: groups }, (_, at) => `g${at}`);
}

/** FNV-1a, 32 bits: cheap, well spread, and the same on every machine. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

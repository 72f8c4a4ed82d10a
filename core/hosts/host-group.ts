/** Groups asked for a host by its owner; a host that is not named has one. */
export type HostShards = Readonly<Record<string, number>>;

/**
 * The host group of a URL: the same for every URL of a host, so that one worker at a time speaks
 * with it. Groups and not hosts, so that hosts with few URLs still fill tasks together.
 */
export function hostGroup(url: string, host: string, groups: number, shards: HostShards): string {
  const count = shards[host] ?? 1;
  const key = count > 1 ? `${host}#${fnv1a(url) % count}` : host;
  return `g${fnv1a(key) % groups}`;
}

/** FNV-1a, 32 bits: cheap, well spread, and the same on every machine. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

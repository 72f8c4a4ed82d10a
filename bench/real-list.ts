import { picturePath } from './picture-path.ts';
import { seededFraction } from './seeded-fraction.ts';

/** How a host of the real list behaves. */
export type HostKind =
  | 'live'
  /** Accepts connections and never sends a byte. */
  | 'silent'
  /** Drops SYN packets: a connection attempt gets no answer. */
  | 'unreachable';

/** What the server does with a URL of the real list. */
export type UrlKind =
  | 'picture'
  /** Answers 302 to the picture, on the same host. */
  | 'redirect'
  /** Answers 503 to the first request and the picture afterwards. */
  | 'unavailable-once'
  /** Answers 404. */
  | 'not-found'
  | 'silent'
  | 'unreachable';

/** One URL of the real list. */
export interface ListedUrl {
  readonly url: string;
  readonly kind: UrlKind;
}

const DEAD_HOSTS = 0.05;
/** Shares of the URLs of live hosts; all others are pictures. */
const SHARES = [
  ['not-found', 0.1],
  ['unavailable-once', 0.03],
  ['redirect', 0.05],
] as const satisfies readonly (readonly [UrlKind, number])[];

/** Head of the path of each kind; what follows is the name of the picture. */
export const PREFIXES = {
  picture: '/img/',
  redirect: '/moved/',
  'unavailable-once': '/busy/',
  'not-found': '/gone/',
  silent: '/img/',
  unreachable: '/img/',
} as const satisfies Record<UrlKind, string>;

const LATENCY_FROM_MS = 80;
const LATENCY_TO_MS = 200;

/** Each quantity takes its fractions from a seed of its own. */
const ORDER = 101;
const DEATH = 202;
const KIND = 303;
const LATENCY = 404;

/** Kinds of all hosts: 5 % are dead, half of them silent and half unreachable. */
export function hostKinds(hosts: number, seed: number): readonly HostKind[] {
  const dead = shuffled(hosts, seed + DEATH).slice(0, Math.round(hosts * DEAD_HOSTS));
  const kinds = Array.from({ length: hosts }, (): HostKind => 'live');
  for (const [rank, host] of dead.entries())
    kinds[host] = rank < dead.length / 2 ? 'silent' : 'unreachable';
  return kinds;
}

/** Time until the head of each answer of a host, in milliseconds: 80 to 200, evenly spread. */
export function hostLatencyMs(host: number, seed: number): number {
  const range = LATENCY_TO_MS - LATENCY_FROM_MS;
  return LATENCY_FROM_MS + range * seededFraction(host, seed + LATENCY);
}

/**
 * URLs spread evenly over the hosts, in an order made by the seed, as in a list that somebody
 * collected. URL i is of host i mod their number and leads to distinct picture i.
 */
export function realList(origins: readonly string[], urls: number, seed: number): ListedUrl[] {
  const hosts = hostKinds(origins.length, seed);
  return shuffled(urls, seed + ORDER).map((index) => {
    const host = index % origins.length;
    const kind = kindOf(index, hosts[host] ?? 'live', seed);
    const path = picturePath(index).replace(PREFIXES.picture, PREFIXES[kind]);
    return { url: `${origins[host]}${path}`, kind };
  });
}

/** Whether a URL leads to a picture, at the latest at the second request. */
export function isLive({ kind }: ListedUrl): boolean {
  return kind === 'picture' || kind === 'redirect' || kind === 'unavailable-once';
}

function kindOf(index: number, host: HostKind, seed: number): UrlKind {
  if (host !== 'live') return host;
  let left = seededFraction(index, seed + KIND);
  for (const [kind, share] of SHARES) {
    if (left < share) return kind;
    left -= share;
  }
  return 'picture';
}

function shuffled(count: number, seed: number): readonly number[] {
  const keys = Float64Array.from({ length: count }, (_, index) => seededFraction(index, seed));
  return Array.from(keys.keys()).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
}

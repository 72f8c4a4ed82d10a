import { Resolver } from 'node:dns';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { CHECK_MS, FileView } from './file-view.ts';

/** The address of a name server, with a port where it is not 53; undefined is c-ares' own choice. */
export type NameServerAddress = string | undefined;

/** How the machine uses the DNS. */
export interface DnsConfig {
  /** In the order in which they are asked. */
  readonly servers: readonly NameServerAddress[];
  /** Domains that are appended to names with fewer than `ndots` dots (resolv.conf(5)). */
  readonly search: readonly string[];
  readonly ndots: number;
  /** Families of which the machine has an address; at least one. */
  readonly families: readonly (4 | 6)[];
}

/** As many servers of resolv.conf as the C library uses. */
const MAX_SERVERS = 3;

/**
 * The machine's settings, checked for a change every five seconds: a laptop moves to another
 * network while it crawls. c-ares finds the servers on each system; the search list is that of
 * resolv.conf, so Windows has none.
 */
export function systemDnsConfig(now: () => number = () => performance.now()): () => DnsConfig {
  const search = new FileView('/etc/resolv.conf', parseResolvConf, now);
  let config: DnsConfig | undefined;
  let checkAtMs = 0;
  return () => {
    if (config === undefined || now() >= checkAtMs) {
      checkAtMs = now() + CHECK_MS;
      const { search: domains, ndots } = search.read();
      const servers = usableServers(new Resolver().getServers());
      const families = familiesOf(Object.values(networkInterfaces()).flatMap((one) => one ?? []));
      config = { servers, search: domains, ndots, families };
    }
    return config;
  };
}

/**
 * Node loses the zone of a link-local server, without which it cannot be reached. Where there is no
 * other, c-ares is left to use what it found itself.
 */
export function usableServers(found: readonly string[]): readonly NameServerAddress[] {
  const usable = found.filter((server) => !/^\[?fe80:/i.test(server)).slice(0, MAX_SERVERS);
  return usable.length === 0 ? [undefined] : usable;
}

/** The search list and `ndots`: the last line of a kind counts, `domain` is a list of one. */
export function parseResolvConf(text: string): Pick<DnsConfig, 'search' | 'ndots'> {
  let search: readonly string[] = [];
  let ndots = 1;
  for (const line of text.split(/\r?\n/)) {
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'search') search = values;
    if (keyword === 'domain') search = values.slice(0, 1);
    if (keyword !== 'options') continue;
    for (const value of values) ndots = Number(/^ndots:(\d+)$/.exec(value)?.[1] ?? ndots);
  }
  const domains = search.map((domain) => domain.replace(/\.$/, '').toLowerCase());
  return { search: domains.filter((domain) => domain !== ''), ndots };
}

/**
 * As AI_ADDRCONFIG (RFC 3493, section 6.1): addresses of a family that the machine has not got
 * cannot be reached, and asking for them is half of the load on the name server. Link-local IPv6 is
 * everywhere and reaches nothing; link-local IPv4 is how a Lambda function sees its network.
 */
export function familiesOf(
  addresses: readonly Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[],
): readonly (4 | 6)[] {
  const outward = addresses.filter(({ internal }) => !internal);
  const hasFour = outward.some(({ family }) => family === 'IPv4');
  const hasSix = outward.some((one) => one.family === 'IPv6' && !/^fe80:/i.test(one.address));
  if (hasFour === hasSix) return [4, 6];
  return hasFour ? [4] : [6];
}

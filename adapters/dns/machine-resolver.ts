import { DNS_LIMITS, DnsClient, type DnsLimits } from './dns-client.ts';
import { type DnsConfig, systemDnsConfig } from './dns-config.ts';
import { HostsFile } from './hosts-file.ts';
import { nameLookupError, type ResolvedAddress, type ResolveName } from './resolve-name.ts';
import { systemLookups } from './system-lookups.ts';

/** What a resolver finds on its machine; each part is the machine's own unless it is given. */
export interface MachineParts {
  readonly config?: () => DnsConfig;
  readonly hosts?: Pick<HostsFile, 'addressesOf'>;
  readonly system?: ResolveName;
  readonly limits?: Partial<DnsLimits>;
  readonly now?: () => number;
}

const LOOPBACK: readonly ResolvedAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * Resolves names as users of the machine expect: `localhost`, the hosts file, the DNS with its
 * search list, and the system for what only the system knows. That is limited apart, so that a
 * slow source of the system delays no name of the DNS. Rejects with NameLookupError.
 */
export function machineResolver(parts: MachineParts = {}): ResolveName {
  const { config = systemDnsConfig(parts.now), hosts = new HostsFile(undefined, parts.now) } =
    parts;
  const limits = { ...DNS_LIMITS, ...parts.limits };
  const dns = new DnsClient(config, limits, parts.now);
  const askSystem = systemLookups(limits.timeoutMs, parts.system);
  return async (hostname) => {
    const name = hostname.toLowerCase().replace(/\.$/, '');
    if (name === 'localhost' || name.endsWith('.localhost')) return LOOPBACK; // RFC 6761, 6.3
    const listed = hosts.addressesOf(name);
    if (listed !== undefined) return listed;
    if (isOfSystem(name)) return askSystem(hostname);
    const answer = await dns.lookUp(hostname);
    if (answer.kind === 'found') return answer.addresses;
    if (!name.includes('.') && answer.code !== 'EBADNAME') return askSystem(hostname);
    throw nameLookupError(hostname, answer.code);
  };
}

/** Multicast DNS (RFC 6762), and spellings of IPv4 addresses, which end in a number. */
function isOfSystem(name: string): boolean {
  return name.endsWith('.local') || /(^|\.)(\d+|0x[\da-f]*)$/.test(name);
}

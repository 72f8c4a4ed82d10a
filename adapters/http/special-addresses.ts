import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What keeps an address from being a place on the open network. */
export type AddressClass =
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'site-local'
  | 'cgnat'
  | 'metadata'
  | 'infrastructure'
  | 'documentation'
  | 'benchmarking'
  | 'translated'
  | 'identifier'
  | 'discard'
  | 'multicast'
  | 'reserved'
  | 'unassigned'
  | 'unreadable';

/** Why an address is refused, and the name of its range in the registry. */
export interface SpecialAddress {
  readonly class: AddressClass;
  readonly name: string;
}

/**
 * The IANA IPv4 special-purpose registry as of 2025-10-09, and multicast. Ranges that it calls
 * globally reachable are refused as well: their anycast services (AS112, AMT, PCP, TURN) are
 * answered by the network nearest to whoever asks, which may be our own, and none is a web site.
 */
const IPV4_RANGES = [
  ['0.0.0.0/8', 'unspecified', 'this network'],
  ['10.0.0.0/8', 'private', 'RFC 1918'],
  ['100.64.0.0/10', 'cgnat', 'RFC 6598'],
  ['127.0.0.0/8', 'loopback', 'RFC 1122'],
  // Answers only to the virtual machines of its cloud, from inside; in no registry.
  ['168.63.129.16/32', 'metadata', 'platform of a cloud'],
  ['169.254.0.0/16', 'link-local', 'RFC 3927'],
  ['172.16.0.0/12', 'private', 'RFC 1918'],
  ['192.0.0.0/24', 'infrastructure', 'IETF protocol assignments'],
  ['192.0.2.0/24', 'documentation', 'TEST-NET-1'],
  ['192.31.196.0/24', 'infrastructure', 'AS112'],
  ['192.52.193.0/24', 'infrastructure', 'AMT'],
  ['192.88.99.0/24', 'translated', '6to4 relay'],
  ['192.168.0.0/16', 'private', 'RFC 1918'],
  ['192.175.48.0/24', 'infrastructure', 'AS112'],
  ['198.18.0.0/15', 'benchmarking', 'RFC 2544'],
  ['198.51.100.0/24', 'documentation', 'TEST-NET-2'],
  ['203.0.113.0/24', 'documentation', 'TEST-NET-3'],
  ['224.0.0.0/4', 'multicast', 'RFC 5771'],
  ['240.0.0.0/4', 'reserved', 'RFC 1112, limited broadcast'],
] as const satisfies readonly Row[];

/**
 * The IANA IPv6 special-purpose registry as of 2025-10-09, then what the registries of the IPv6
 * address space keep back. The first row that fits decides, so narrow ones stand before wide ones.
 */
const IPV6_RANGES = [
  ['::/128', 'unspecified', 'RFC 4291'],
  ['::1/128', 'loopback', 'RFC 4291'],
  ['::/96', 'translated', 'IPv4-compatible'],
  ['::ffff:0:0/96', 'translated', 'IPv4-mapped'],
  ['::ffff:0:0:0/96', 'translated', 'IPv4-translated'],
  ['64:ff9b:1::/48', 'translated', 'NAT64 of a site'],
  ['100::/64', 'discard', 'RFC 6666'],
  ['100:0:0:1::/64', 'discard', 'dummy prefix'],
  ['2001::/32', 'translated', 'Teredo'],
  ['2001:2::/48', 'benchmarking', 'RFC 5180'],
  ['2001:10::/28', 'identifier', 'ORCHID'],
  ['2001:20::/28', 'identifier', 'ORCHIDv2'],
  ['2001:30::/28', 'identifier', 'drone remote ID'],
  ['2001::/23', 'infrastructure', 'IETF protocol assignments'],
  ['2001:db8::/32', 'documentation', 'RFC 3849'],
  ['2002::/16', 'translated', '6to4'],
  ['2620:4f:8000::/48', 'infrastructure', 'AS112'],
  ['2d00::/8', 'unassigned', 'kept back by IANA'],
  ['2e00::/7', 'unassigned', 'kept back by IANA'],
  ['3fff::/20', 'documentation', 'RFC 9637'],
  ['3000::/4', 'unassigned', 'kept back by IANA'],
  ['5f00::/16', 'infrastructure', 'segment routing'],
  ['fc00::/7', 'private', 'unique local'],
  ['fe80::/10', 'link-local', 'RFC 4291'],
  ['fec0::/10', 'site-local', 'RFC 3879'],
  ['ff00::/8', 'multicast', 'RFC 4291'],
  // All that is not 2000::/3, the only part of which global unicast is given out.
  ['::/3', 'unassigned', 'not global unicast'],
  ['4000::/2', 'unassigned', 'not global unicast'],
  ['8000::/1', 'unassigned', 'not global unicast'],
] as const satisfies readonly Row[];

type Row = readonly [cidr: string, addressClass: AddressClass, name: string];

interface Range extends SpecialAddress {
  readonly bytes: readonly number[];
  readonly bits: number;
}

const IPV4 = IPV4_RANGES.map(rangeOf);
const IPV6 = IPV6_RANGES.map(rangeOf);
/** On a network of IPv6 alone, DNS64 gives IPv4 sites addresses in here (RFC 6052, section 2.1). */
const NAT64 = rangeOf(['64:ff9b::/96', 'translated', 'NAT64']);

/** The special range that an IP address lies in; undefined when it is globally routable unicast. */
export function specialRangeOf(address: string): SpecialAddress | undefined {
  if (address.includes('%')) return { class: 'link-local', name: 'with a zone' };
  const bytes = bytesOf(address);
  if (bytes === undefined) return { class: 'unreadable', name: 'not an IP address' };
  return bytes.length === 4 ? find(IPV4, bytes) : judgeIpv6(bytes);
}

/** Node alone decides what is an address: ipaddr.js also reads the spellings of `inet_aton`. */
function bytesOf(address: string): readonly number[] | undefined {
  const family = isIP(address);
  if (family === 0) return undefined;
  try {
    return (family === 4 ? ipaddr.IPv4 : ipaddr.IPv6).parse(address).toByteArray();
  } catch {
    return undefined;
  }
}

function judgeIpv6(bytes: readonly number[]): SpecialAddress | undefined {
  if (!isInside(bytes, NAT64)) return find(IPV6, bytes) ?? judgeInterface(bytes);
  const embedded = bytes.slice(12);
  const found = find(IPV4, embedded);
  return found && { class: found.class, name: `NAT64 of ${embedded.join('.')}` };
}

/** ISATAP (RFC 5214, section 6.1): under any prefix an interface may stand for an IPv4 address. */
function judgeInterface(bytes: readonly number[]): SpecialAddress | undefined {
  const [flags = 1, zero, five, fe] = bytes.slice(8, 12);
  const isIsatap = (flags & 0xfd) === 0 && zero === 0 && five === 0x5e && fe === 0xfe;
  return isIsatap ? { class: 'translated', name: 'ISATAP' } : undefined;
}

function find(ranges: readonly Range[], bytes: readonly number[]): SpecialAddress | undefined {
  return ranges.find((range) => isInside(bytes, range));
}

function isInside(bytes: readonly number[], range: Range): boolean {
  const whole = range.bits >> 3;
  for (let at = 0; at < whole; at += 1) if (bytes[at] !== range.bytes[at]) return false;
  const rest = range.bits & 7;
  if (rest === 0) return true;
  return ((bytes[whole] ?? 0) ^ (range.bytes[whole] ?? 0)) >> (8 - rest) === 0;
}

function rangeOf([cidr, addressClass, name]: Row): Range {
  const [base, bits] = ipaddr.parseCIDR(cidr);
  return { bytes: base.toByteArray(), bits, class: addressClass, name };
}

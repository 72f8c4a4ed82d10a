import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import {
  refusalOfAddress,
  refusalOfTarget,
  refusalOfUrl,
} from '../../adapters/http/address-guard.ts';
import { specialRangeOf } from '../../adapters/http/special-addresses.ts';
import { SPELLINGS } from './spellings.ts';

const STRICT = { allowPrivate: false };
const OPEN = { allowPrivate: true };

/** Ranges, written down apart from the guard's own table. */
const SPECIAL = [
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'cgnat'],
  ['100.100.100.200/32', 'cgnat'],
  ['127.0.0.0/8', 'loopback'],
  ['168.63.129.16/32', 'metadata'],
  ['169.254.0.0/16', 'link-local'],
  ['169.254.169.254/32', 'link-local'],
  ['169.254.170.2/32', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'infrastructure'],
  ['192.0.0.9/32', 'infrastructure'],
  ['192.0.0.192/32', 'infrastructure'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'infrastructure'],
  ['192.52.193.0/24', 'infrastructure'],
  ['192.88.99.0/24', 'translated'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'infrastructure'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['255.255.255.255/32', 'reserved'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::7f00:1/128', 'translated'],
  ['::808:808/128', 'translated'],
  ['::ffff:0:0/96', 'translated'],
  ['::ffff:0:0:0/96', 'translated'],
  ['64:ff9b::7f00:0/104', 'loopback'],
  ['64:ff9b::a00:0/104', 'private'],
  ['64:ff9b::a9fe:a9fe/128', 'link-local'],
  ['64:ff9b::a83f:8110/128', 'metadata'],
  ['64:ff9b::/104', 'unspecified'],
  ['64:ff9b:0:0:0:1::/96', 'unassigned'],
  ['64:ff9b:1::/48', 'translated'],
  ['100::/64', 'discard'],
  ['100:0:0:1::/64', 'discard'],
  ['200::/7', 'unassigned'],
  ['1000::/4', 'unassigned'],
  ['2001::/32', 'translated'],
  ['2001:1::1/128', 'infrastructure'],
  ['2001:2::/48', 'benchmarking'],
  ['2001:3::/32', 'infrastructure'],
  ['2001:4:112::/48', 'infrastructure'],
  ['2001:10::/28', 'identifier'],
  ['2001:20::/28', 'identifier'],
  ['2001:30::/28', 'identifier'],
  ['2001:1ff::/32', 'infrastructure'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', 'translated'],
  ['2606:4700::5efe:7f00:0/104', 'translated'],
  ['2606:4700::200:5efe:7f00:0/104', 'translated'],
  ['2620:4f:8000::/48', 'infrastructure'],
  ['2d00::/8', 'unassigned'],
  ['2e00::/7', 'unassigned'],
  ['3000::/5', 'unassigned'],
  ['3ffe::/16', 'unassigned'],
  ['3fff::/20', 'documentation'],
  ['3fff:1000::/20', 'unassigned'],
  ['4000::/3', 'unassigned'],
  ['5f00::/16', 'infrastructure'],
  ['8000::/2', 'unassigned'],
  ['fc00::/7', 'private'],
  ['fd00:ec2::254/128', 'private'],
  ['fd20:ce::254/128', 'private'],
  ['fe00::/9', 'unassigned'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
] as const;

const PUBLIC = [
  // Well-known resolvers, and the neighbours on both sides of every special range.
  '1.1.1.1',
  '8.8.8.8',
  '1.0.0.0',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '168.63.129.15',
  '168.63.129.17',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '191.255.255.255',
  '192.0.1.0',
  '192.0.1.255',
  '192.0.3.0',
  '192.31.195.255',
  '192.31.197.0',
  '192.52.192.255',
  '192.52.194.0',
  '192.88.98.255',
  '192.88.100.0',
  '192.167.255.255',
  '192.169.0.0',
  '192.175.47.255',
  '192.175.49.0',
  '198.17.255.255',
  '198.20.0.0',
  '198.51.99.255',
  '198.51.101.0',
  '203.0.112.255',
  '203.0.114.0',
  '223.255.255.255',
  '2000::',
  '2001:200::',
  '2001:db7:ffff::1',
  '2001:db9::',
  '2001:4860:4860::8888',
  '2003::',
  '2400::1',
  '2606:4700:4700::1111',
  '2620:4f:7fff::1',
  '2620:4f:8001::',
  '2620:fe::fe',
  '2a00:1450:4001:80b::200e',
  '2c0f::1',
  '2cff:ffff::',
  // DNS64 writes IPv4 sites like this where a network has IPv6 alone.
  '64:ff9b::101:101',
  '64:ff9b::8.8.8.8',
  // Looks like ISATAP, one bit or one place off.
  '2606:4700::5eff:7f00:1',
  '2606:4700::400:5efe:7f00:1',
  '2606:4700:0:5efe:7f00:1::1',
];

describe('an address of a special range', () => {
  it.each(SPECIAL)('%s is %s from its first to its last', (cidr, addressClass) => {
    const [first, last] = edgesOf(cidr);
    const inside = fc.tuple(...first.map((low, at) => fc.integer({ min: low, max: last[at] })));
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(first, last), inside), (bytes) => {
        const address = ipaddr.fromByteArray([...bytes]).toString();
        expect(specialRangeOf(address)?.class).toBe(addressClass);
        expect(refusalOfAddress(address, STRICT)).toContain(`${address} is ${addressClass}`);
        expect(refusalOfAddress(address, OPEN)).toBeUndefined();
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it.each([
    ['a zone', 'fe80::1%eth0', 'link-local'],
    ['a zone behind a global prefix', '2606:4700::1%eth0', 'link-local'],
    ['dots at the end', '::ffff:10.0.0.1', 'translated'],
    ['capitals', 'FD00::1', 'private'],
    ['all its zeros', '0000:0000:0000:0000:0000:0000:0000:0001', 'loopback'],
    ['no address at all', 'site.test', 'unreadable'],
    ['a spelling of inet_aton', '0x7f.1', 'unreadable'],
    ['nothing', '', 'unreadable'],
  ])('is known with %s', (_, address, addressClass) => {
    expect(specialRangeOf(address)?.class).toBe(addressClass);
  });
});

describe('an address of the open network', () => {
  it.each(PUBLIC)('is not refused: %s', (address) => {
    expect(refusalOfAddress(address, STRICT)).toBeUndefined();
  });

  it('is, of IPv4, what another library holds for unicast', () => {
    const clouds = new Set(['168.63.129.16']); // in no registry
    const octet = fc.oneof(fc.nat(255), fc.constantFrom(0, 10, 100, 127, 168, 169, 172, 192, 198));
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
        const address = octets.join('.');
        const isUnicast = ipaddr.parse(address).range() === 'unicast' && !clouds.has(address);
        expect(refusalOfAddress(address, STRICT) === undefined).toBe(isUnicast);
      }),
      { numRuns: 5000, seed: 2 },
    );
  });

  it('is, of IPv6, never more than what another library holds for unicast', () => {
    const group = fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 0x2001, 0x2002, 0x64, 0xff9b, 0xdb8));
    const groups = fc.array(group, { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, (parts) => {
        const address = new ipaddr.IPv6(parts).toString();
        const range = ipaddr.parse(address).range();
        if (range === 'unicast' || range === 'rfc6052') return;
        expect(refusalOfAddress(address, STRICT)).toBeDefined();
      }),
      { numRuns: 5000, seed: 3 },
    );
  });

  it('is read in every form that is an address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        expect(specialRangeOf(address)?.class).not.toBe('unreadable');
      }),
      { numRuns: 5000, seed: 4 },
    );
  });
});

describe('a URL', () => {
  it.each(Object.entries(SPELLINGS))('is judged by its address when written: %s', (_, spell) => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), (octets) => {
        const url = new URL(`http://${spell(octets)}/`);
        expect(url.hostname).toBe(octets.join('.'));
        expect(refusalOfUrl(url, STRICT)).toBe(refusalOfAddress(octets.join('.'), STRICT));
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it.each([
    'http://site.test/',
    'https://site.test:443/',
    'http://localhost.site.test/',
    'http://10.0.0.1.site.test/',
    'http://db1/',
    'http://1-1-1-1.test:8080/',
    'http://xn--bcher-kva.test/',
  ])('of a name says nothing yet: %s', (url) => {
    expect(refusalOfUrl(new URL(url), STRICT)).toBeUndefined();
  });

  it.each([
    ['http://me:secret@site.test/', 'credentials in a URL are not sent'],
    ['http://me@site.test/', 'credentials in a URL are not sent'],
    ['http://:secret@site.test/', 'credentials in a URL are not sent'],
    ['ftp://site.test/a.png', 'ftp: is not for the web'],
    ['file:///etc/passwd', 'file: is not for the web'],
    ['gopher://site.test:70/', 'gopher: is not for the web'],
    ['data:image/png;base64,AA==', 'data: is not for the web'],
  ])('is refused whatever the operator allows: %s', (url, refusal) => {
    expect(refusalOfUrl(new URL(url), STRICT)).toBe(refusal);
    expect(refusalOfUrl(new URL(url), OPEN)).toBe(refusal);
  });
});

const WEB_PORTS = [
  80, 443, 1024, 3000, 5000, 8000, 8008, 8080, 8081, 8443, 8888, 9000, 9443, 65_535,
];
const OTHER_PORTS = [0, 1, 7, 19, 21, 22, 23, 25, 53, 81, 110, 111, 135, 139, 143, 389, 445, 465]
  .concat([514, 587, 631, 636, 873, 993, 995, 1023, 1433, 1521, 1719, 1720, 1723, 2049, 2375, 2376])
  .concat([2379, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5900, 5984, 5985, 6000, 6379])
  .concat([6443, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9092, 9200, 9300, 10080])
  .concat([10250, 11211, 27017]);

describe('a port', () => {
  it.each(WEB_PORTS)('%i may be a web site', (port) => {
    expect(refusalOfUrl(new URL(`http://site.test:${port}/`), STRICT)).toBeUndefined();
    expect(refusalOfUrl(new URL(`https://1.1.1.1:${port}/`), STRICT)).toBeUndefined();
  });

  it.each(OTHER_PORTS)('%i is not for the web, unless the operator allows all', (port) => {
    const url = new URL(`http://site.test:${port}/`);
    expect(refusalOfUrl(url, STRICT)).toBe(`port ${port} is not for the web`);
    expect(refusalOfUrl(url, OPEN)).toBeUndefined();
  });

  it('left out is that of the protocol', () => {
    const target = { hostname: 'site.test', port: '' };
    expect(refusalOfTarget({ ...target, protocol: 'http:' }, STRICT)).toBeUndefined();
    expect(refusalOfTarget({ ...target, protocol: 'https:' }, STRICT)).toBeUndefined();
  });

  it('is free where a system gives ports out by chance', () => {
    const refused = Array.from({ length: 32_768 }, (_, at) => at + 32_768).filter((port) =>
      refusalOfTarget({ protocol: 'http:', hostname: 'a.test', port: String(port) }, STRICT),
    );
    expect(refused).toEqual([]);
  });
});

function edgesOf(cidr: string): readonly [readonly number[], readonly number[]] {
  const [base, bits] = ipaddr.parseCIDR(cidr);
  const first = base.toByteArray();
  const last = first.map((byte, at) => byte | (0xff >> Math.min(8, Math.max(0, bits - at * 8))));
  return [first, last];
}

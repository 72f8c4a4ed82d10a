import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  familiesOf,
  parseResolvConf,
  systemDnsConfig,
  usableServers,
} from '../../adapters/dns/dns-config.ts';
import { HostsFile } from '../../adapters/dns/hosts-file.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hosts-'));
  path = join(folder, 'hosts');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the hosts file', () => {
  const addressesOf = (hosts: HostsFile, name: string) =>
    hosts.addressesOf(name)?.map(({ address }) => address);

  it('gives a name all its addresses, whatever its spelling', async () => {
    const lines = [
      '# 10.0.0.9 commented.test',
      '10.0.0.1\tsite.test  WWW.site.test # 10.0.0.8 no.test',
      '  ::1 site.test',
      '10.0.0.1 site.test',
      'not-an-address other.test',
      '10.0.0.2',
      'fe80::1%lo0 zoned.test\r',
    ];
    await writeFile(path, lines.join('\n'));
    const hosts = new HostsFile(path);
    expect(addressesOf(hosts, 'site.test')).toEqual(['10.0.0.1', '::1']);
    expect(addressesOf(hosts, 'www.SITE.test')).toEqual(['10.0.0.1']);
    expect(addressesOf(hosts, 'zoned.test')).toEqual(['fe80::1%lo0']);
    for (const name of ['commented.test', 'no.test', 'other.test', '#', '']) {
      expect(addressesOf(hosts, name)).toBe(undefined);
    }
    expect(hosts.addressesOf('site.test')).toEqual([
      { address: '10.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
  });

  it('is read again when it has changed, at most every five seconds', async () => {
    let nowMs = 0;
    const hosts = new HostsFile(path, () => nowMs);
    expect(addressesOf(hosts, 'site.test')).toBe(undefined);
    await writeFile(path, '10.0.0.1 site.test');
    nowMs = 4999;
    expect(addressesOf(hosts, 'site.test')).toBe(undefined);
    nowMs = 5000;
    expect(addressesOf(hosts, 'site.test')).toEqual(['10.0.0.1']);
    // Editors replace a file by another, of the same length.
    await writeFile(`${path}.new`, '10.0.0.2 site.test');
    await rename(`${path}.new`, path);
    nowMs = 10_000;
    expect(addressesOf(hosts, 'site.test')).toEqual(['10.0.0.2']);
    await rm(path);
    nowMs = 15_000;
    expect(addressesOf(hosts, 'site.test')).toBe(undefined);
  });
});

describe('resolv.conf', () => {
  it.each([
    ['nothing', '', [], 1],
    ['the last search list', 'search a.test\nsearch b.test c.test', ['b.test', 'c.test'], 1],
    ['a domain', 'domain a.test', ['a.test'], 1],
    ['options', 'search a.test.\noptions rotate ndots:5 timeout:1', ['a.test'], 5],
    ['comments', '# search no.test\nsearch a.test ; no.test\r\n', ['a.test'], 1],
    ['the root as a domain', 'search .', [], 1],
    ['no dots at all', 'options ndots:0', [], 0],
    ['options that it does not know', 'options ndots:x ndots', [], 1],
  ])('may have %s', (_, text, search, ndots) => {
    expect(parseResolvConf(text)).toEqual({ search, ndots });
  });
});

describe('the settings of this machine', () => {
  it('have a server and a family', () => {
    const { servers, families, ndots } = systemDnsConfig()();
    expect(servers.length).toBeGreaterThan(0);
    expect(families.length).toBeGreaterThan(0);
    expect(ndots).toBeGreaterThanOrEqual(0);
  });

  it('are read again after five seconds', () => {
    let nowMs = 0;
    const read = systemDnsConfig(() => nowMs);
    const first = read();
    nowMs = 4999;
    expect(read()).toBe(first);
    nowMs = 5000;
    expect(read()).not.toBe(first);
    expect(read()).toEqual(first);
  });

  it('name three servers that can be addressed, or leave them to c-ares', () => {
    const four = ['10.0.0.1', '10.0.0.2', '[::1]:53', '10.0.0.4'];
    expect(usableServers(['fe80::1', ...four])).toEqual(four.slice(0, 3));
    expect(usableServers(['FE80::1', '[fe80::1]:5353'])).toEqual([undefined]);
    expect(usableServers([])).toEqual([undefined]);
  });

  it.each([
    ['both', ['10.0.0.1', 'fd00::2'], [4, 6]],
    ['IPv4 alone, whose IPv6 is link-local', ['169.254.1.1', 'fe80::1'], [4]],
    ['IPv6 alone', ['2001:db9::1'], [6]],
    ['none, so that either may work', ['fe80::1'], [4, 6]],
  ])('tell the families: %s', (_, addresses, families) => {
    const loopback = ['127.0.0.1', '::1'].map((address) => one(address, true));
    expect(familiesOf([...loopback, ...addresses.map((address) => one(address, false))])).toEqual(
      families,
    );
  });
});

function one(address: string, internal: boolean) {
  return { address, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' } as const;
}

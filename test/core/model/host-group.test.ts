import { describe, expect, it } from 'vitest';
import { groupNames, groupOfUrl, hostGroup } from '../../../core/model/host-group.ts';

const URLS = Array.from({ length: 1000 }, (_, at) => `http://a.test/${at}.png`);

function groupsOf(urls: readonly string[], host: string, shards = {}): ReadonlySet<string> {
  return new Set(urls.map((url) => hostGroup(url, host, { groups: 4096, hostShards: shards })));
}

describe('host group', () => {
  it('is the same for every URL of a host', () => {
    expect(groupsOf(URLS, 'a.test').size).toBe(1);
  });

  it('is the same on every machine and in every version', () => {
    // A published test vector of FNV-1a.
    expect(hostGroup('', 'foobar', { groups: 2 ** 32, hostShards: {} })).toBe(`g${0xbf9cf968}`);
  });

  it('spreads hosts over the groups', () => {
    const hosts = URLS.map((_, at) => `host-${at}.test`);
    const groups = new Set(hosts.flatMap((host) => [...groupsOf([`http://${host}/`], host)]));
    expect(groups.size).toBeGreaterThan(700);
  });

  it('stays below the number of groups', () => {
    expect(new Set(URLS.map((url) => hostGroup(url, url, { groups: 3, hostShards: {} })))).toEqual(
      new Set(['g0', 'g1', 'g2']),
    );
  });

  it('gives a host as many groups as its owner asked for, and no other host', () => {
    const shards = { 'a.test': 4 };
    expect(groupsOf(URLS, 'a.test', shards).size).toBe(4);
    expect(groupsOf(URLS, 'b.test', shards).size).toBe(1);
  });

  it('keeps a host whole for one shard', () => {
    expect(groupsOf(URLS, 'a.test', { 'a.test': 1 })).toEqual(groupsOf(URLS, 'a.test'));
  });

  it('is not misled by a host with the name of a built-in', () => {
    expect(groupsOf(URLS, 'constructor').size).toBe(1);
    expect(groupsOf(URLS, '__proto__').size).toBe(1);
  });

  it('of a URL is that of its host, and one for all that came inside documents', () => {
    const grouping = { groups: 4096, hostShards: {} };
    const url = 'http://a.test:8080/1.png';
    expect(groupOfUrl(url, grouping)).toBe(hostGroup(url, 'a.test:8080', grouping));
    const inside = ['data:image/png;sha256,a', 'data:image/gif;sha256,b'];
    expect(new Set(inside.map((one) => groupOfUrl(one, grouping))).size).toBe(1);
  });

  it('is one of the names of all groups', () => {
    const grouping = { groups: 3, hostShards: {} };
    expect(groupNames(grouping)).toEqual(['g0', 'g1', 'g2']);
    for (const url of URLS.slice(0, 9))
      expect(groupNames(grouping)).toContain(groupOfUrl(url, grouping));
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { judgeHost } from '../../adapters/http/address-guard.ts';
import { Loopback } from './servers.ts';

const BLOCKED = [
  ['loopback', '127.0.0.1'],
  ['all of loopback', '127.255.255.254'],
  ['this host', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['private 10/8', '10.0.0.1'],
  ['private 172.16/12', '172.16.0.1'],
  ['private 172.31', '172.31.255.255'],
  ['private 192.168/16', '192.168.1.1'],
  ['link-local', '169.254.1.1'],
  ['the metadata of AWS', '169.254.169.254'],
  ['the credentials of a container', '169.254.170.2'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['the metadata of another cloud', '100.100.100.200'],
  ['protocol assignments', '192.0.0.170'],
  ['documentation', '203.0.113.1'],
  ['benchmarks', '198.18.0.1'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['one number', '2130706433'],
  ['hexadecimal', '0x7f000001'],
  ['octal', '0177.0.0.1'],
  ['hexadecimal parts', '0x7f.0x0.0x0.0x1'],
  ['two parts', '127.1'],
  ['one zero', '0'],
  ['full-width digits', '１２７.0.0.1'],
  ['percent signs', '%31%32%37.0.0.1'],
  ['a trailing dot', '127.0.0.1.'],
  ['IPv6 loopback', '[::1]'],
  ['IPv6 unspecified', '[::]'],
  ['IPv6 link-local', '[fe80::1]'],
  ['IPv6 site-local', '[fec0::1]'],
  ['IPv6 unique local', '[fd00:ec2::254]'],
  ['IPv6 multicast', '[ff02::1]'],
  ['IPv6 documentation', '[2001:db8::1]'],
  ['IPv6 not given out', '[4000::1]'],
  ['IPv6 not given out, low', '[200::1]'],
  ['mapped', '[::ffff:127.0.0.1]'],
  ['mapped private', '[::ffff:10.0.0.1]'],
  ['mapped in hexadecimal', '[::ffff:7f00:1]'],
  ['mapped at full length', '[0:0:0:0:0:ffff:7f00:1]'],
  ['compatible', '[::127.0.0.1]'],
  ['compatible public', '[::8.8.8.8]'],
  ['translated', '[::ffff:0:7f00:1]'],
  ['NAT64', '[64:ff9b::7f00:1]'],
  ['NAT64 of a site', '[64:ff9b:1::7f00:1]'],
  ['6to4', '[2002:7f00:1::]'],
  ['Teredo', '[2001::1]'],
] as const;

const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '172.32.0.1',
  '192.169.0.1',
  '223.255.255.254',
]
  .concat(['[2606:4700:4700::1111]', '[2a00:1450:4001:80b::200e]'])
  .concat(['example.com', 'localhost.example.com', '10.0.0.1.example.com']);

let loopback = new Loopback(false);
afterEach(async () => {
  await loopback.close();
  loopback = new Loopback(false);
});

describe('an address that must not be asked', () => {
  it.each(BLOCKED)('is refused without a connection: %s', async (_, host) => {
    const canary = await loopback.http((_request, response) => void response.end('secret'));
    const outcome = await loopback.fetch(`http://${host}:${canary.port}/`, { timeoutMs: 2000 });
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'address-blocked' });
    expect(canary.connections()).toBe(0);
  });

  it('is refused behind a name', async () => {
    const canary = await loopback.http((_, response) => void response.end('secret'));
    const outcome = await loopback.fetch(`http://localhost:${canary.port}/`);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'address-blocked' });
    expect(canary.connections()).toBe(0);
  });

  it('is asked when the operator allows it', async () => {
    const open = new Loopback(true);
    const site = await open.http((_, response) => void response.end('mine'));
    expect(await open.fetch(site.url)).toMatchObject({ kind: 'body' });
    expect(await open.fetch(`http://localhost:${site.port}/`)).toMatchObject({ kind: 'body' });
    await open.close();
  });
});

describe('an address of the open network', () => {
  it.each(PUBLIC)('is not refused: %s', (host) => {
    expect(judgeHost(new URL(`http://${host}/`).hostname, { allowPrivate: false })).toBeUndefined();
  });
});

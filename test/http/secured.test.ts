import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCertificate, anAuthority, type Certificate, type Subject } from './certificates.ts';
import { SecuredSites, SITE } from './secured-sites.ts';

let sites: SecuredSites;
let foreign: Certificate;
beforeAll(async () => {
  sites = await SecuredSites.open();
  foreign = await anAuthority('an authority that nobody trusts');
});
afterAll(() => sites.close());

const answer = (_: unknown, response: { end(body: string): void }) => response.end('picture');

describe('a certificate', () => {
  it('of the host that was asked is good, without HTTP/2 too', async () => {
    const site = await sites.http1(answer);
    expect(await sites.fetch(site.url)).toMatchObject({ kind: 'body', httpStatus: 200 });
  });

  it('is good for a host that is asked with its final dot', async () => {
    const names: unknown[] = [];
    const site = await sites.http1((request, response) => {
      names.push(request.headers.host);
      response.end('picture');
    });
    const url = site.url.replace(SITE, `${SITE}.`);
    expect(await sites.fetch(url)).toMatchObject({ kind: 'body', httpStatus: 200 });
    expect(names).toEqual([new URL(url).host]);
  });

  it.each<readonly [string, Subject, RegExp]>([
    ['that is over', { names: [SITE], days: [-9, -2] }, /expired/],
    ['that has not begun', { names: [SITE], days: [2, 9] }, /not yet valid/],
    ['of another name', { names: ['else.test'] }, /does not match/],
    ['of a name below', { names: [`www.${SITE}`] }, /does not match/],
    ['of an address', { names: [], addresses: ['127.0.0.1'] }, /does not match/],
  ])('%s is a failed handshake', async (_, subject, detail) => {
    const site = await sites.http1(answer, subject);
    expect(await sites.fetch(site.url)).toMatchObject({
      kind: 'failed',
      reason: 'tls-failed',
      detail: expect.stringMatching(detail),
    });
  });

  it('of an authority that nobody trusts is a failed handshake', async () => {
    const own = await aCertificate(foreign, { names: [SITE] });
    const site = await sites.http1(answer, undefined, own);
    expect(await sites.fetch(site.url)).toMatchObject({ kind: 'failed', reason: 'tls-failed' });
  });

  it('that is its own authority is a failed handshake', async () => {
    const site = await sites.http1(answer, undefined, foreign);
    expect(await sites.fetch(site.url)).toMatchObject({ kind: 'failed', reason: 'tls-failed' });
  });
});

describe('a handshake', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('of %s is good', async (maxVersion) => {
    const site = await sites.http1(answer, undefined, { maxVersion });
    expect(await sites.fetch(site.url)).toMatchObject({ kind: 'body', httpStatus: 200 });
  });

  it('of TLS 1.1 fails, and says why without a file name of OpenSSL', async () => {
    const site = await sites.http1(answer, undefined, {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const outcome = await sites.fetch(site.url);
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'tls-failed',
      detail: 'tlsv1 alert protocol version',
    });
  });

  it('that the server refuses fails', async () => {
    const alert = Buffer.from([21, 3, 3, 0, 2, 2, 40]); // RFC 8446, section 6: handshake_failure
    const site = await sites.raw((socket) => void socket.once('data', () => socket.end(alert)));
    expect(await sites.fetch(site.url)).toMatchObject({ kind: 'failed', reason: 'tls-failed' });
  });

  it('that the server never answers ends in time', async () => {
    const site = await sites.raw(() => {});
    expect(await sites.fetch(site.url)).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });

  it.each<readonly [string, 'end' | 'resetAndDestroy']>([
    ['closes', 'end'],
    ['resets', 'resetAndDestroy'],
  ])('that the server %s is a lost connection', async (_, act) => {
    const site = await sites.raw((socket) => void socket.once('data', () => socket[act]()));
    expect(await sites.fetch(site.url)).toMatchObject({
      kind: 'failed',
      reason: 'connection-lost',
    });
  });
});

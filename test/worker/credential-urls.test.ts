import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { aTask } from './records.ts';
import { image, status } from './scripted-site.ts';
import { World } from './world.ts';

const PLAIN = 'https://a.test/1.png?w=3';
const SIGNED = 'https://a.test/2.png?X-Amz-Credential=x&X-Amz-Signature=secret';
const TOKEN = 'https://a.test/3.png?access_token=secret';
const URLS = [PLAIN, SIGNED, TOKEN];
const fine = Object.fromEntries(URLS.map((url) => [url, [image('a')]]));

describe('URLs that hold a signature or a token', () => {
  it('are skipped without a request, and their secrets are in no detail', async () => {
    const world = new World(fine);
    await world.begin([aTask('w0-g1-0', URLS)]);
    await world.drain();
    expect(world.site.visits.map(({ url }) => url)).toEqual([PLAIN]);
    for (const url of [SIGNED, TOKEN]) {
      expect(world.result(url)).toMatchObject({ status: 'skipped', reason: 'credential-url' });
      expect(world.result(url)?.detail).not.toContain('secret');
    }
    await expectExact(world, URLS);
  });

  it('are asked for where the operator allows it', async () => {
    const world = new World(fine, { settings: { credentialUrls: true } });
    await world.begin([aTask('w0-g1-0', URLS)]);
    await world.drain();
    expect(world.results.every(({ reason }) => reason === null)).toBe(true);
  });

  it('are followed where a site redirects to them itself, and kept without their secret', async () => {
    const world = new World({ ...fine, [PLAIN]: [status(302, { location: SIGNED })] });
    await world.begin([aTask('w0-g1-0', [PLAIN])]);
    await world.drain();
    expect(world.result(PLAIN)).toMatchObject({
      status: 'succeeded',
      finalUrl: 'https://a.test/2.png?X-Amz-Credential=x&X-Amz-Signature=…',
    });
  });
});

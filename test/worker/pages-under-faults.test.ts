import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageSettings } from '../page-settings.ts';
import { expectExact } from './expect-exact.ts';
import type { Death } from './life.ts';
import { aTask } from './records.ts';
import { documentOf, failure, image, type Script, status } from './scripted-site.ts';
import { World } from './world.ts';

const START = 'https://a.example/';
const DATA = `data:image/png;base64,${Buffer.from('img inside').toString('base64')}`;

/** Two hosts, loops between them, pages that fail and move, and each kind of find. */
const SITE: Script = {
  [START]: [documentOf({ pages: ['/b', '/old', 'https://b.example/'], images: ['/1.png', DATA] })],
  'https://a.example/b': [
    failure('timeout'),
    documentOf({ pages: ['/', '/c'], images: ['/1.png', '/2.png'], styles: ['/s.css'] }),
  ],
  'https://a.example/c': [documentOf({ pages: ['/b'], images: ['https://b.example/3.png'] })],
  'https://a.example/old': [status(301, { location: '/c' })],
  'https://a.example/s.css': [documentOf({ images: ['/2.png', '/4.png'] })],
  'https://b.example/': [
    documentOf({ pages: [START, '/d', 'https://c.example/'], images: [DATA] }),
  ],
  'https://b.example/d': [status(503, { 'retry-after': '5' }), documentOf({ pages: ['/e'] })],
  'https://b.example/e': [status(404)],
  'https://a.example/1.png': [image('1')],
  'https://a.example/2.png': [status(500), image('2')],
  'https://b.example/3.png': [image('3')],
  'https://a.example/4.png': [status(404)],
};
const URLS = [...Object.keys(SITE), DATA];

async function crawled(deaths: readonly Death[], perGroup: 'one' | 'many' = 'many') {
  const pages = pageSettings({ depth: 9, scope: 'any', exclude: ['c.example'], maxPages: 1000 });
  const world = new World(SITE, { deaths, perGroup, latencyMs: 100, settings: { pages } });
  const start = { targets: [{ url: START, kind: 'page', depth: 0 }] } as const;
  await world.begin([aTask('w0-g-0', [START], start)]);
  await world.drain();
  return world;
}

async function expectAll(world: World): Promise<void> {
  await expectExact(world, URLS);
  expect(world.leftOut.map(({ url, reason }) => [url, reason])).toEqual([
    ['https://c.example/', 'out-of-scope'],
  ]);
}

const death: fc.Arbitrary<Death> = fc.record({
  atCall: fc.integer({ min: 1, max: 60 }),
  when: fc.constantFrom('before' as const, 'after' as const),
});

describe('a worker over pages that dies', () => {
  const points = Array.from({ length: 120 }, (_, at) => at + 1).flatMap((atCall) => [
    { atCall, when: 'before' as const },
    { atCall, when: 'after' as const },
  ]);

  it.each(points)('at call $atCall, $when it, loses nothing and counts once', async (point) => {
    await expectAll(await crawled([point]));
  });

  it('is tested at all the calls that a run makes', async () => {
    expect((await crawled([])).calls).toBeLessThanOrEqual(120);
  });

  it('again and again loses nothing and counts once', async () => {
    const lives = fc.tuple(
      fc.array(death, { maxLength: 10 }),
      fc.constantFrom('one' as const, 'many' as const),
    );
    const property = fc.asyncProperty(lives, async ([deaths, perGroup]) => {
      await expectAll(await crawled(deaths, perGroup));
    });
    await fc.assert(property, { numRuns: 100, seed: 3 });
  });
});

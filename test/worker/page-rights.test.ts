import { describe, expect, it } from 'vitest';
import { PURPOSES, type Purpose } from '../../core/model/purpose.ts';
import type { FetchOutcome, Headers } from '../../core/ports/fetcher.ts';
import { pageSettings } from '../page-settings.ts';
import { aTask } from './records.ts';
import { documentOf, image, type Script, status, textOf } from './scripted-site.ts';
import { World } from './world.ts';

const START = 'https://a.example/';
const PICTURE = 'https://a.example/1.png';
const INLINE = `data:image/png;base64,${Buffer.from('img inline').toString('base64')}`;
const NO_TRAINING = { 'content-usage': 'train-ai=n' };
const PAGES = pageSettings({ depth: 2, maxPages: 10 });

function withHeaders(outcome: FetchOutcome, headers: Headers): FetchOutcome {
  return outcome.kind === 'failed' ? outcome : { ...outcome, headers };
}

/** A run over the pages of a site that says nothing beside the script. */
async function crawled(script: Script, purposes: readonly Purpose[] = PURPOSES): Promise<World> {
  const quiet = {
    'https://a.example/robots.txt': [status(404)],
    'https://a.example/.well-known/tdmrep.json': [status(404)],
  };
  const settings = { ignoreRobots: false, purposes, tdmRep: true, pages: PAGES };
  const world = new World({ ...quiet, ...script }, { settings });
  const start = { targets: [{ url: START, kind: 'page', depth: 0 }] } as const;
  await world.begin([aTask('w0-g-0', [START], start)]);
  await world.drain();
  return world;
}

describe('the rights of images in a run over pages', () => {
  it('are their own: a page that reserves itself is read', async () => {
    const world = await crawled({
      [START]: [withHeaders(documentOf({ images: ['/1.png'] }), NO_TRAINING)],
      [PICTURE]: [image('1')],
    });
    expect(world.result(START)).toMatchObject({ status: 'succeeded' });
    expect(world.result(PICTURE)).toMatchObject({ status: 'succeeded' });
  });

  it('stand in robots.txt: pages are read, and none of their images is asked for', async () => {
    const world = await crawled({
      'https://a.example/robots.txt': [textOf('User-agent: *\nContent-Usage: train-ai=n')],
      [START]: [documentOf({ images: ['/1.png'] })],
    });
    expect(world.result(START)).toMatchObject({ status: 'succeeded' });
    expect(world.result(PICTURE)).toMatchObject({ reason: 'reserved' });
    expect(world.site.asked(PICTURE)).toBe(0);
  });

  it('are judged where a link leads to an image', async () => {
    const world = await crawled({
      [START]: [documentOf({ pages: ['/1.png', '/2.png'] })],
      [PICTURE]: [withHeaders(image('1'), NO_TRAINING)],
      'https://a.example/2.png': [image('2')],
    });
    expect(world.result(PICTURE)).toMatchObject({
      reason: 'reserved',
      httpStatus: 200,
      rights: [{ signal: 'content-usage', where: 'header' }],
    });
    expect(world.result('https://a.example/2.png')).toMatchObject({ status: 'succeeded' });
  });

  it('are those of the page for what comes inside it', async () => {
    const world = await crawled({
      [START]: [withHeaders(documentOf({ images: [INLINE, '/1.png'] }), NO_TRAINING)],
      [PICTURE]: [image('1')],
    });
    const inline = world.results.find(({ url }) => url.startsWith('data:'));
    expect(inline).toMatchObject({ reason: 'reserved' });
    expect(world.result(PICTURE)).toMatchObject({ status: 'succeeded' });
  });

  it.each([
    ['noai', PURPOSES, 'opted-out'],
    ['noai', ['search'], null],
    ['noindex', ['search'], 'opted-out'],
    ['noindex', ['train'], null],
  ] as const)('%s in the head of a page, for %j: %s', async (tag, purposes, reason) => {
    const page = documentOf({ images: ['/1.png'] });
    const world = await crawled(
      { [START]: [withHeaders(page, { 'x-robots-tag': tag })], [PICTURE]: [image('1')] },
      purposes,
    );
    expect(world.result(START)).toMatchObject({ reason });
    expect(world.result(START)?.rights?.[0]?.where).toBe(reason === null ? undefined : 'header');
    expect(world.result(PICTURE)?.status).toBe(reason === null ? 'succeeded' : undefined);
  });

  it.each([
    [{ mining: { reservation: 1 } }, PURPOSES, 'reserved'],
    [{ mining: { reservation: 1, policy: 'https://a.example/terms' } }, ['tdm'], 'reserved'],
    [{ mining: { reservation: 1 } }, ['search', 'keep'], null],
    [{ mining: { reservation: 0 } }, PURPOSES, null],
  ] as const)('%j in the markup of a page, for %j: %s', async (says, purposes, reason) => {
    const script = {
      [START]: [documentOf({ images: [INLINE, '/1.png'], pages: ['/b'], ...says })],
      [PICTURE]: [image('1')],
      'https://a.example/b': [documentOf({})],
    };
    const world = await crawled(script, purposes);
    const expected = [{ signal: 'tdmrep', where: 'meta' }];
    expect(world.result(START)).toMatchObject({ reason, rights: expected });
    expect(world.result(PICTURE)?.status).toBe(reason === null ? 'succeeded' : undefined);
    expect(world.result('https://a.example/b')).toMatchObject({ status: 'succeeded' });
    const inline = world.results.filter(({ url }) => url.startsWith('data:'));
    expect(inline).toHaveLength(reason === null ? 1 : 0);
  });

  it('supersede the header of the page for what comes inside it', async () => {
    const page = documentOf({ images: [INLINE], mining: { reservation: 0 } });
    const world = await crawled({ [START]: [withHeaders(page, { 'tdm-reservation': '1' })] });
    const inline = world.results.find(({ url }) => url.startsWith('data:'));
    expect(inline).toMatchObject({ status: 'succeeded', rights: [{ where: 'meta' }] });
  });

  it.each([
    ['<prohibits type="usage">ai-train</prohibits>', 'reserved'],
    ['<permits type="usage">all</permits>', null],
    ['', 'reserved'],
  ])('stand in the terms that a page names (%s): %s', async (license, reason) => {
    const terms = `<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>${license}</license></content></rsl>`;
    const world = await crawled({
      [START]: [documentOf({ images: ['/1.png'], license: 'https://a.example/terms.xml' })],
      'https://a.example/terms.xml': [license === '' ? status(404) : textOf(terms)],
      [PICTURE]: [image('1')],
    });
    expect(world.result(START)).toMatchObject({ reason, rights: [{ signal: 'rsl' }] });
    expect(world.result(PICTURE)?.status).toBe(reason === null ? 'succeeded' : undefined);
  });

  it('ask a host once for its tdmrep.json', async () => {
    const world = await crawled({
      'https://a.example/.well-known/tdmrep.json': [
        textOf('[{"location":"/1.png","tdm-reservation":1}]'),
      ],
      [START]: [documentOf({ images: ['/1.png', '/2.png'] })],
      [PICTURE]: [image('1')],
      'https://a.example/2.png': [image('2')],
    });
    expect(world.result(PICTURE)).toMatchObject({
      reason: 'reserved',
      rights: [{ signal: 'tdmrep', where: 'tdmrep.json' }],
    });
    expect(world.result('https://a.example/2.png')).toMatchObject({ status: 'succeeded' });
    expect(world.site.asked('https://a.example/.well-known/tdmrep.json')).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import { read, readFound } from './read.ts';

const MANIFEST = { expected: 'manifest', contentType: 'application/manifest+json' } as const;

async function imagesOf(manifest: unknown, options: object = {}): Promise<readonly string[]> {
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  const { kind, images } = await readFound(text, { ...MANIFEST, ...options });
  expect(kind).toBe('manifest');
  return images.map(({ url }) => url.replace('https://site.example', ''));
}

describe('the images of a web app manifest', () => {
  it.each([
    [
      'icons',
      { icons: [{ src: '/a.png', sizes: '192x192' }, { src: 'b.png' }] },
      '/a.png',
      '/dir/b.png',
    ],
    ['screenshots', { screenshots: [{ src: 'a.png', label: 'A' }] }, '/dir/a.png'],
    ['of shortcuts', { shortcuts: [{ url: '/x', icons: [{ src: '/a' }] }, {}, null] }, '/a'],
    ['of file handlers', { file_handlers: [{ action: '/x', icons: [{ src: '/a' }] }] }, '/a'],
    ['of widgets', { widgets: [{ screenshots: [{ src: '/a' }] }] }, '/a'],
    ['each once', { icons: [{ src: '/a' }, { src: '/a', purpose: 'maskable' }] }, '/a'],
    ['none of other members', { start_url: '/a', related_applications: [{ url: '/b' }] }],
    ['none of a wrong form', { icons: { src: '/a' }, screenshots: ['/b', { src: 3 }, [1]] }],
    ['none of a list', [{ icons: [{ src: '/a' }] }]],
    ['none of what is broken', '{"icons":[{"src":"/a"}]'],
    ['behind a mark', '\uFEFF{"icons":[{"src":"/a"}]}', '/a'],
  ])('%s', async (_, manifest, ...images) => {
    expect(await imagesOf(manifest)).toEqual(images);
  });

  it.each(['application/json', 'text/plain', 'text/html', undefined, 'application/octet-stream'])(
    'whatever their type: %s',
    async (contentType) => {
      expect(await imagesOf({ icons: [{ src: '/a' }] }, { contentType })).toEqual(['/a']);
    },
  );

  it('are not read from a page that reports an error', async () => {
    const document = await read('<!doctype html><p>Not found', MANIFEST);
    expect(document.kind).toBe('not-a-page');
  });

  it('are not read from an empty body', async () => {
    expect(await imagesOf('')).toEqual([]);
  });
});

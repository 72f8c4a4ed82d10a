import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { MAX_IMAGES, MAX_LINKS } from '../../adapters/html/limits.ts';
import { read, readFound } from './read.ts';

const MEGABYTE = 1024 * 1024;

/** CPU seconds of a megabyte, with room for a machine that is busy. */
const MOST_SECONDS = 0.5;

function megabytes(count: number, unit: string): string {
  return unit.repeat((count * MEGABYTE) / unit.length);
}

describe('time and memory are linear in the length: two megabytes of', () => {
  it.each([
    ['elements that are not closed', '<b>'],
    ['end tags of nothing', '</b>'],
    ['paragraphs', '<p>'],
    ['forms', '<form>'],
    ['drawings within drawings', '<svg><foreignObject>'],
    ['drawings that are not closed', '<svg><div>'],
    ['pictures that are not closed', '<picture><source srcset=a>'],
    ['sources of one picture', '<source srcset="a 2x">'],
    ['brackets', '<'],
    ['comments that are not closed', '<!-'],
    ['declarations', '<!a>'],
    ['attributes of one element', 'a '],
    ['entities', '&amp;'],
    ['entities that are not closed', '&lt'],
    ['scripts', '<script>'],
    ['titles', '<title>a'],
    ['styles', '<style>a{}'],
    ['lines', '\n'],
    ['NULs', '\0'],
  ])('%s', async (_, unit) => {
    await expectLinear(`<!doctype html>${megabytes(2, unit)}<img src=a>`);
  });

  it.each([
    ['an address', '<img src="', 'a'],
    ['candidates', '<img srcset="', 'a 1x, '],
    ['a style', '<p style="', 'x:url('],
    ['entities in an address', '<a href="', '&amp;'],
    ['an alternative text', '<img src=a alt="', ' '],
    ['a background', '<p data-bg="', '. '],
    ['a background in CSS', '<p data-bg="url(', ' '],
    ['relations', '<a href=a rel="', 'a '],
    ['a refresh', '<meta http-equiv=refresh content="5', ' ; url = '],
    ['spaces in a refresh', '<meta http-equiv=refresh content="5', ' '],
    ['names of robots', '<meta name=robots content="', 'a:b,'],
    ['a document within', '<iframe srcdoc="', '&lt;p>'],
    ['JSON-LD', '<script type=application/ld+json>', '[{"image":'],
    ['spaces in JSON-LD', '<script type=application/ld+json>', ' '],
    ['a type', '<object data=a type="', ' ;'],
    ['a name', '<', 'a'],
    ['a name of an attribute', '<p ', 'a'],
    ['a declaration of XML', '<?xml ', ' encoding'],
    ['a document type', '<!DOCTYPE html [', '"'],
  ])('%s', async (_, before, unit) => {
    await expectLinear(`${before}${megabytes(2, unit)}`);
    await expectLinear(`${before}${megabytes(1, unit)}"></script><img src=b>`);
  });

  async function expectLinear(html: string): Promise<void> {
    const before = process.cpuUsage();
    const document = await read(html);
    const { user, system } = process.cpuUsage(before);
    expect(document.kind).toBe('page');
    expect((user + system) / 1e6).toBeLessThan((MOST_SECONDS * html.length) / MEGABYTE);
  }
});

it('a page leaves others their turn', async () => {
  const html = megabytes(10, '<p class="a">some text and a <a href="b">link</a></p>\n');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await read(html);
  delay.disable();
  expect(delay.count).toBeGreaterThan(20);
  expect(delay.percentile(50) / 1e6).toBeLessThan(100);
});

describe('limits', () => {
  it('are met by images and links, and told', async () => {
    const links = Array.from({ length: MAX_LINKS + 5 }, (_, n) => `<a href=l${n}>`);
    const images = Array.from({ length: MAX_IMAGES + 5 }, (_, n) => `<img src=i${n}>`);
    const page = await readFound([...links, ...images].join(''));
    expect([page.links.length, page.images.length]).toEqual([MAX_LINKS, MAX_IMAGES]);
    expect(page.isCut).toBe(true);
  });

  it('are not met by ten thousand links, or by a page nested ten thousand deep', async () => {
    const links = Array.from({ length: 10_000 }, (_, n) => `<a href=l${n}>`);
    const deep = `${'<div><b>'.repeat(10_000)}<img src=a>${'</b></div>'.repeat(10_000)}<img src=b>`;
    const page = await readFound(`${links.join('')}${deep}`);
    expect([page.links.length, page.images.length, page.isCut]).toEqual([10_000, 2, false]);
  });

  it.each([
    ['an attribute', `<p style="background:url(a)${' '.repeat(5 * MEGABYTE)}">`],
    ['a style', `<style>a{background:url(a)}${' '.repeat(3 * MEGABYTE)}`],
    ['documents within documents', nested(6)],
  ])('are met by %s, and what is behind is read', async (_, html) => {
    const { images, isCut } = await readFound(`${html}</style><img src=b>`);
    expect(images.at(-1)?.url).toBe('https://site.example/dir/b');
    expect(isCut).toBe(true);
  });

  it('let images through that are written out', async () => {
    const url = `data:image/png;base64,${'A'.repeat(2 * MEGABYTE)}`;
    const { images, isCut } = await readFound(`<img src="${url}"><img src="/${'b'.repeat(9000)}">`);
    expect(images.map((image) => image.url === url)).toEqual([true]);
    expect(isCut).toBe(false);
  });
});

function nested(levels: number): string {
  if (levels === 0) return '<img src=a>';
  const inner = nested(levels - 1)
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;');
  return `<iframe srcdoc="${inner}"></iframe>`;
}

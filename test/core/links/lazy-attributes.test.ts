import { describe, expect, it } from 'vitest';
import { lazyFiles } from '../../../core/links/lazy-attributes.ts';
import { lazyName } from '../../../core/links/lazy-names.ts';

/** The addresses of one attribute; `candidate` where they are those of a `srcset`. */
function found(attribute: string, value: string, isImage = true): readonly string[] {
  const name = lazyName(attribute);
  if (name === undefined || !(isImage || name.isOnAny)) return [];
  const { plain, sized } = lazyFiles(name, value, isImage);
  return [...plain.map(({ url }) => url), ...sized.map(({ url }) => `candidate ${url}`)];
}

describe('an attribute of an image is read by the shape of its value', () => {
  it.each([
    'data-src',
    'data-lazy-load-src',
    'data-pagespeed-lazy-src',
    'nitro-lazy-src',
    'lay-src',
    '_src',
    'src2',
    'file',
    'zoomfile',
    'original',
    'real_src',
    'imgsrc',
    'loadlate',
    'lowsrc',
    'data-o_src',
    'data-setbg',
    'data-exthumbimage',
    'data-never-seen-before',
    'lazysrc',
    'data-pin-media',
    'data-url',
    'data-hover',
    'data-srcfull',
    'dynsrc',
    'ng-src',
  ])('%s, whatever its name', (attribute) => {
    expect(found(attribute, '/a/b.png')).toEqual(['/a/b.png']);
    expect(found(attribute, ' https://x.example/b.JPG?w=1#c\n')).toEqual([
      'https://x.example/b.JPG?w=1#c',
    ]);
  });

  it.each([
    'data-srcset',
    'data-lazy-srcset',
    'nitro-lazy-srcset',
    'data-lazy-src-set',
    'data-bgset',
    'data-sources',
    'data-never-seen-before',
  ])('%s, as candidates', (attribute) => {
    expect(found(attribute, '/a.png 640w, /b,c.png 2x')).toEqual([
      'candidate /a.png',
      'candidate /b,c.png',
    ]);
    expect(found(attribute, '\n/a 1.5x,\n/b 2x')).toEqual(['candidate /a', 'candidate /b']);
  });

  it.each([
    ['a set of one', 'data-srcset', 'a.png', 'candidate a.png'],
    ['no ending, but a name for addresses', 'data-lazy-src', '/picture/7', '/picture/7'],
    ['a script', 'data-original', 'i.php?id=7', 'i.php?id=7'],
    ['a bare name', 'data-lazy', 'a.png', 'a.png'],
    ['a style', 'data-bg', `url("/a?b=1")`, '/a?b=1'],
    ['written out', 'data-src', 'data:image/gif;base64,R0lG', 'data:image/gif;base64,R0lG'],
    ['a space within', 'data-src', '/my cat.jpg', '/my cat.jpg'],
    [
      'a list',
      'data-images',
      '/a.jpg, /b.jpg;https://x.example/c.png',
      '/a.jpg',
      '/b.jpg',
      'https://x.example/c.png',
    ],
    ['commas within', 'data-src', '/w_1,h_2/a.jpg', '/w_1,h_2/a.jpg'],
  ])('%s', (_, attribute, value, ...images) => {
    expect(found(attribute, value)).toEqual(images);
  });
});

describe('an attribute of another element', () => {
  it.each([
    ['a background', 'data-bg', '/picture/7', '/picture/7'],
    ['a bare name of a background', 'data-background', 'a.webp', 'a.webp'],
    ['of unknown name', 'data-xyz', '/a.png', '/a.png'],
    ['without data-', 'lazy-background', '/a.png', '/a.png'],
    ['candidates', 'data-bgset', 'a.png 300w, b.png 600w', 'candidate a.png', 'candidate b.png'],
    ['a bare name that may be a caption', 'data-file', 'cat.png'],
    ['no ending', 'data-src', '/picture/7'],
    ['not of its kind', 'original', '/picture/7'],
    ['no colour', 'data-bg', '#fff'],
    ['no class', 'data-background', 'dark'],
    ['of a name that only images have', 'file', '/a.png'],
  ])('%s', (_, attribute, value, ...images) => {
    expect(found(attribute, value, false)).toEqual(images);
  });
});

describe('what is no address', () => {
  it.each([
    ['data-settings', '{"image":"/a.png"}'],
    ['data-src', '["/a.png"]'],
    ['data-src', '{{ photo.src }}.png'],
    ['data-html', '<img src=/a.png'],
    ['data-src', 'true'],
    ['data-src', '1.5'],
    ['data-zoom', '1.5'],
    ['data-ratio', '16/9'],
    ['data-original', '0.5625'],
    ['data-image-dimensions', '2500x1667'],
    ['data-focal', '0.5,0.5'],
    ['data-date', '2020/01/02'],
    ['data-large', '50%'],
    ['data-sizes', '(min-width: 60em) 33vw, 100vw'],
    ['data-media', '(max-width: 40.5em)'],
    ['data-thumb-target', '.gallery'],
    ['data-zoom', '#viewer .large'],
    ['data-lazy-type', 'image/jpeg'],
    ['data-image-id', 'a1/b2'],
    ['data-image-title', 'DSC_0001.jpg'],
    ['data-caption', 'a/b.jpg'],
    ['data-filename', 'cat.jpg'],
    ['alt', 'cat.jpg'],
    ['title', '/cat.jpg'],
    ['class', 'a/b.png'],
    ['aria-label', '/a.png'],
    ['onclick', '/a.png'],
    [':src', 'photo.src'],
    ['v-lazy', 'photo.src'],
    ['x-src', 'photo.src'],
    ['[src]', 'photo.src'],
    ['data-permalink', 'https://x.example/page'],
    ['data-href', '/page'],
    ['data-url', '/page'],
    ['data-cover-page', '/gallery/1'],
    ['data-pixel', 'AB-12.3/x'],
    ['data-origin', 'https://x.example'],
    ['data-src', 'movie.mp4'],
    ['data-src', 'data:text/plain,x'],
    ['data-src', 'javascript:a["b.c"]'],
    ['data-offset', '10.5 2x'],
    ['data-src', ''],
  ])('%s=%s', (attribute, value) => {
    expect(found(attribute, value)).toEqual([]);
    expect(found(attribute, value, false)).toEqual([]);
  });
});

it.each([
  ['spaces', ' '],
  ['addresses', '/a.png, '],
  ['endings', '.png'],
  ['endings and spaces', '.png  ,   '],
  ['candidates', '/a.png 1x, '],
  ['numbers', '1.5 '],
  ['slashes', '/'],
])('takes time in the length of its value only: megabytes of %s', (_, unit) => {
  const before = process.cpuUsage();
  for (const attribute of ['data-src', 'data-srcset', 'data-bg'])
    found(attribute, `/a${unit.repeat(2_000_000 / unit.length)}`);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(3000);
});

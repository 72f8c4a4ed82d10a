import { describe, expect, it } from 'vitest';
import { imagesOf, readFound } from './read.ts';

type Case = readonly [what: string, html: string, ...images: string[]];

async function expectImages(html: string, images: readonly string[]): Promise<void> {
  expect(await imagesOf(html)).toEqual(images);
}

describe('images by elements', () => {
  it.each<Case>([
    ['img', '<img src=a.png>', 'a.png'],
    ['img without quotes and closed', '<IMG SRC=a.png/>', 'a.png/'],
    ['image, as browsers read it', '<image src=a.png>', 'a.png'],
    ['srcset', '<img src=a.png srcset="b.png 2x, c.png 3x">', 'a.png', 'b.png', 'c.png'],
    ['entities in addresses', '<img src="a?b=1&amp;c=2&copy=3">', 'a?b=1&c=2&copy=3'],
    [
      'picture',
      '<picture><source srcset="a.avif 1x, b.avif 2x"><source srcset=c.webp><img src=d.jpg></picture>',
      'd.jpg',
      'a.avif',
      'b.avif',
      'c.webp',
    ],
    ['a picture without img', '<picture><source srcset=a.png></picture>', 'a.png'],
    ['a picture that is not closed', '<picture><source srcset=a.png>', 'a.png'],
    ['a source of a video is not an image', '<video><source src=a.mp4 srcset=b.png></video>'],
    ['noscript', '<noscript><img src=a.png></noscript>', 'a.png'],
    ['noscript in the head', '<head><noscript><img src=a.png></noscript></head>', 'a.png'],
    ['poster', '<video poster=a.jpg src=b.mp4></video>', 'a.jpg'],
    ['input', '<input type=IMAGE src=a.png><input type=text src=b.png>', 'a.png'],
    ['SVG image', '<svg><image href=a.png /><image xlink:href=b.png /></svg>', 'a.png', 'b.png'],
    ['SVG use', '<svg><use href="s.svg#x"/><use xlink:href="#y"/></svg>', 's.svg'],
    ['SVG filter', '<svg><filter><feImage href=a.png /></filter></svg>', 'a.png'],
    ['background', '<body background=a.png><table><td background=b.png>', 'a.png', 'b.png'],
    ['background of other elements is not an image', '<div background=a.png></div>'],
    ['object by type', '<object type=image/png data=a></object><object type=x/y data=b.png>', 'a'],
    ['object by name', '<object data=a.svg></object><object data=b.swf></object>', 'a.svg'],
    ['embed', '<embed src=a.svg><embed type=image/gif src=b>', 'a.svg', 'b'],
    ['a link to an image', '<a href=a.JPG?x=1>big</a><area href=b.png>', 'a.JPG?x=1', 'b.png'],
    ['a wiki page about an image is not an image', '<a href=/wiki/File:A.jpg>about</a>'],
    ['srcdoc', '<iframe srcdoc="&lt;img src=a.png&gt;" src=b.html></iframe>', 'a.png'],
    ['template', '<template><img src=a.png></template>', 'a.png'],
  ])('%s', (_, html, ...images) => expectImages(html, images));
});

describe('images that scripts load late', () => {
  it.each<Case>([
    ['data-src', '<img src=data:, data-src=a.png>', 'a.png'],
    ['data-srcset', '<img data-srcset="a.png 1x, b.png 2x">', 'a.png', 'b.png'],
    ['data-original', '<img data-original=/a>', '/a'],
    ['data-lazy', '<img data-lazy=a.png><img data-lazy=true>', 'a.png'],
    ['data-lazy-src', '<img data-lazy-src=a.png data-lazy-srcset=b.png>', 'a.png', 'b.png'],
    ['data-bg', '<div data-bg=a.png></div><div data-bg=dark></div><p data-bg="#fff">', 'a.png'],
    ['data-bg without a name', '<div data-bg=/picture/7></div>', '/picture/7'],
    ['data-background-image in CSS', `<div data-background-image="url('a')"></div>`, 'a'],
    ['data-bgset', '<div data-bgset="a.png 300w, b.png 600w"></div>', 'a.png', 'b.png'],
    ['data-hi-res-src', '<img src=a.png data-hi-res-src=b.png>', 'a.png', 'b.png'],
    ['data-full', '<a data-full=a.png data-src=b></a>', 'a.png'],
    ['data-echo', '<img data-echo=a.png>', 'a.png'],
    ['data-url', '<img data-url=/page><img data-url=a.png>', 'a.png'],
    ['a source within a picture', '<picture><source src=a.png><img src=b></picture>', 'a.png', 'b'],
    ['old pages', '<img lowsrc=a.png src=b><img dynsrc=c.avi>', 'b', 'a.png'],
    [
      'an image of a page of its own',
      '<lazy-img src=a.png data-x=/b.png></lazy-img>',
      'a.png',
      '/b.png',
    ],
    ['an own element for something else', '<x-player src=a.mp4></x-player><x-img src=/a></x-img>'],
    [
      'a source of a film',
      '<video><source src=a.png data-src=/a.mp4 data-poster=/b.jpg></video>',
      '/b.jpg',
    ],
    ['an input', '<input type=image data-src=a.png><input type=text value=/b.png>', 'a.png'],
    ['placeholders', '<img src="{{ a.png }}"><img src="<%= b %>"><img data-src="<%= a %>.png">'],
  ])('%s', (_, html, ...images) => expectImages(html, images));
});

describe('images that a page declares', () => {
  it.each<Case>([
    [
      'icons',
      '<link rel="shortcut icon" href=a.ico><link rel=mask-icon href=b.svg>',
      'a.ico',
      'b.svg',
    ],
    ['touch icons', '<link rel=apple-touch-icon href=a><link rel=image_src href=b>', 'a', 'b'],
    ['preload', '<link rel=preload as=image href=a imagesrcset="b 2x">', 'a', 'b'],
    ['preload of others', '<link rel=preload as=font href=a.woff2>'],
    [
      'Open Graph',
      '<meta property=og:image content=a><meta name=og:image:url content=b>',
      'a',
      'b',
    ],
    [
      'Twitter',
      '<meta name=twitter:image content=a><meta name=Twitter:Image:src content=b>',
      'a',
      'b',
    ],
    [
      'other names',
      '<meta name=image content=a.png><meta name=vk:image content=/b.jpg><meta name=parsely-image-url content=c.gif>',
      'a.png',
      '/b.jpg',
      'c.gif',
    ],
    [
      'other names that are not images',
      '<meta name=image content=yes><meta name=description content=a.png>',
    ],
    ['several properties', '<meta property="og:image  image" content=a>', 'a'],
    ['secure', '<meta property=og:image:secure_url content=a>', 'a'],
    ['sizes are not images', '<meta property=og:image:width content=100>'],
    ['microdata', '<meta itemprop=image content=a><link itemprop=thumbnailUrl href=b>', 'a', 'b'],
    ['tile', '<meta name=msapplication-TileImage content=a>', 'a'],
    [
      'JSON-LD',
      `<script type="application/ld+json">{"@graph":[{"image":["a",{"@type":"ImageObject","url":"b"}],
        "logo":{"contentUrl":"c","url":"no"}},{"@type":"ImageObject","contentUrl":"d"},
        {"@type":"Person","url":"no","thumbnailUrl":"e"}]}</script>`,
      'a',
      'b',
      'c',
      'd',
      'e',
    ],
    [
      'JSON-LD in CDATA',
      '<script type=application/ld+json>//<![CDATA[\n{"image":"a"}\n//]]></script>',
      'a',
    ],
    ['JSON-LD that is broken', '<script type=application/ld+json>{"image":"a"</script>'],
    ['scripts are not read', '<script>document.write("<img src=a.png>")</script>'],
    ['comments are not read', '<!-- <img src=a.png> --><!--[if IE]><img src=b.png><![endif]-->'],
  ])('%s', (_, html, ...images) => expectImages(html, images));
});

describe('images of styles', () => {
  it.each<Case>([
    ['style attribute', `<p style="background:url('a.png')">`, 'a.png'],
    ['style element', '<style>p{background:url( a.png )}</style>', 'a.png'],
    ['style in SVG', '<svg><style>rect{fill:url(a.png)}</style></svg>', 'a.png'],
    ['a style that is not closed', '<style>p{background:url(a.png)', 'a.png'],
  ])('%s', (_, html, ...images) => expectImages(html, images));
});

describe('addresses', () => {
  it.each<Case>([
    ['base', '<base href=/b/><img src=a.png>', '/b/a.png'],
    ['the first base counts', '<base target=x><base href=/b/><base href=/c/><img src=a>', '/b/a'],
    ['an invalid base', '<base href="http://["><img src=a>', 'a'],
    ['a base that is no web address', '<base href="data:text/html,x"><img src=a>', 'a'],
    [
      'the base of a document within',
      '<iframe srcdoc="<base href=/b/><img src=a>"></iframe><img src=a>',
      '/b/a',
      'a',
    ],
    ['space and line ends', '<img src=" \n a.\tpng ">', 'a.png'],
    ['dots and escapes', '<img src="../x/./ä.png">', '/x/%C3%A4.png'],
    ['other hosts', '<img src=//cdn.example/a.png>', 'https://cdn.example/a.png'],
    [
      'data',
      '<img src=" data:image/gif;base64,R0lG "><img src=data:text/plain,x>',
      'data:image/gif;base64,R0lG',
    ],
    ['each once, without fragment', '<img src=a><img src=./a#x><img src=b><img src=a>', 'a', 'b'],
    [
      'the page itself is not an image',
      '<img src=""><img src="#"><img src=page><img src=./page#x>',
    ],
    [
      'what scripts had none for',
      '<img src=undefined><img src=null><img src="[object Object]"><img src=NaN>',
    ],
    [
      'what is not on the web',
      '<img src=javascript:x><img src=blob:x><img src=about:blank><img src=file:///x>',
    ],
  ])('%s', (_, html, ...images) => expectImages(html, images));

  it('are told with the first words that any element has for them', async () => {
    const { images } = await readFound(
      `<meta property=og:image content=a><img src=a alt="  A \n cat "><img src=a alt=B title=T>
       <picture><source srcset=b><img src=c alt=C></picture><img src=d alt="${'x'.repeat(300)}">`,
    );
    expect(images.map(({ alt, title }) => [alt?.slice(0, 5), alt?.length, title])).toEqual([
      ['A cat', 5, 'T'],
      ['C', 1, undefined],
      ['C', 1, undefined],
      ['xxxxx', 200, undefined],
    ]);
  });
});

describe('the largest', () => {
  it.each<Case>([
    ['by width', '<img src=a srcset="b 100w, c 900w, d 300w">', 'c'],
    ['by density', '<img src=a srcset="b, c 3x, d 2x">', 'c'],
    [
      'of all sources',
      '<picture><source srcset="a 2x"><source srcset="b 3x"><img src=c></picture>',
      'b',
    ],
    ['of those loaded late', '<img src=a data-src=b data-srcset="c 1w, d 2w">', 'd'],
    ['by what an attribute is for', '<img src=a data-hi-res-src=b.png>', 'b.png'],
    ['before a stand-in', '<img src=a width=900 data-src=b.png data-srcset="c 400w">', 'b.png'],
    ['of a stand-in and a late image', '<img src=blank.gif data-src=/b>', '/b'],
    [
      'of src, where that is wider',
      '<img src=a width=4000 height=3000 srcset="b 300w, c 2048w">',
      'a',
    ],
    [
      'where a width is invalid',
      '<img src=a width=100% srcset="b 300w"><img src=c width=0>',
      'b',
      'c',
    ],
    [
      'before attributes, by its link',
      '<a href=full.png><img src=a data-zoom-image=z.png srcset="b 300w"></a>',
      'full.png',
    ],
    [
      'of a picture in a link',
      '<a href=f.png><picture><source srcset=a><img src=b></picture></a>',
      'f.png',
    ],
    [
      'of a link for its first image only',
      '<a href=f.png><img src=a><img src=b></a>',
      'f.png',
      'b',
    ],
    ['of links that end', '<a href=f.png>x</a><img src=a>', 'f.png', 'a'],
    ['of links to pages', '<a href=p><img src=a></a>', 'a'],
    ['of links that are not to be followed', '<a rel=nofollow href=f.png><img src=a></a>', 'a'],
    [
      'of links in a page none of which are to be followed',
      '<a href=f.png><img src=a srcset="b 2x"></a><meta name=robots content=nofollow>',
      'b',
    ],
    ['with other pictures', '<img src=a data-hover=b.png data-thumb=c.png>', 'a', 'b.png'],
    ['of preloads', '<link rel=preload as=image href=a imagesrcset="b 1w, c 2w">', 'c'],
  ])('%s', async (_, html, ...images) => {
    expect(await imagesOf(html, { best: true })).toEqual(images);
  });
});

it('the largest file has the words of the image that links to it', async () => {
  const html = '<a href=f.png><img src=a alt="A cat" title=T></a>';
  const { images } = await readFound(html, { best: true });
  expect(images).toEqual([{ url: 'https://site.example/dir/f.png', alt: 'A cat', title: 'T' }]);
});

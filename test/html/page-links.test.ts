import { describe, expect, it } from 'vitest';
import { imagesOf, linksOf, read, readFound } from './read.ts';

type Case = readonly [what: string, html: string, ...links: string[]];

describe('links', () => {
  it.each<Case>([
    ['a and area', '<a href=a>x</a><map><area href=b></map>', 'a', 'b'],
    ['each once, without fragment', '<a href=a#x></a><a href=./a></a><a href=#y></a>', 'a'],
    ['a in SVG', '<svg><a xlink:href=a><text>x</text></a></svg>', 'a'],
    ['next and prev', '<link rel=next href=a><link rel="prev nofollow" href=b>', 'a'],
    ['manifest', '<link rel="manifest" href=a crossorigin=use-credentials>', 'manifest a'],
    ['languages', '<link rel=alternate hreflang=de href=a>', 'a'],
    ['feeds', '<link rel=alternate type=application/rss+xml href=a>', 'sitemap a'],
    ['other alternates', '<link rel=alternate type=application/json+oembed href=a>'],
    ['sitemap', '<link rel=sitemap type=application/xml href=a.xml>', 'sitemap a.xml'],
    [
      'style sheets',
      '<link rel=stylesheet href=a><link rel=preload as=style href=b>',
      'style a',
      'style b',
    ],
    ['imports', '<style>@import "a"; @import url(b) screen;</style>', 'style a', 'style b'],
    ['frames', '<iframe src=a></iframe><frameset><frame src=b></frameset>', 'a', 'b'],
    ['late frames', '<iframe data-src=a></iframe>', 'a'],
    ['objects', '<object data=a.html></object><embed type=text/html src=b>', 'a.html', 'b'],
    ['refresh', `<meta http-equiv=refresh content="0; url='a'">`, 'a'],
    ['refresh without address', '<meta http-equiv=refresh content=5>'],
    [
      'other schemes',
      '<a href=mailto:a@b.example></a><a href=javascript:a()></a><a href=tel:1></a>',
    ],
    [
      'data: is not a link',
      '<a href="data:text/html,x"></a><a href=data:image/gif;base64,R0lG></a>',
    ],
    [
      'what is no page by its name, too',
      '<a href=a.pdf></a><a href=b.zip?x=1></a>',
      'a.pdf',
      'b.zip?x=1',
    ],
    ['a dot in a host is no ending', '<a href=https://site.zip></a>', 'https://site.zip/'],
    ['an ending in a query does not count', '<a href=a?b=c.pdf></a>', 'a?b=c.pdf'],
  ])('%s', async (_, html, ...links) => {
    expect(await linksOf(html)).toEqual(links);
  });
});

describe('the base of links', () => {
  it.each<Case>([
    ['in front of it, as when somebody follows them', '<a href=a></a><base href=/b/>', '/b/a'],
    ['behind it', '<base href=/b/><a href=a></a>', '/b/a'],
    ['in front of and behind it', '<a href=a></a><base href=/b/><a href=c></a>', '/b/a', '/b/c'],
    ['of which the first counts', '<a href=a></a><base href=/b/><base href=/c/>', '/b/a'],
    [
      'that is no URL',
      '<a href=a></a><base target=_blank><base href="http://["><base href=/b/>',
      'a',
    ],
    ['that is empty', '<base href><base href=/b/><a href=a></a>', 'a'],
    ['of another scheme', '<base href=mailto:a><a href=a></a>', 'a'],
    ['of another host', '<a href=a></a><base href=//b.example/x/y>', 'https://b.example/x/a'],
    ['whole addresses', '<a href=https://b.example/a></a><base href=/b/>', 'https://b.example/a'],
    ['frames are asked for at once', '<iframe src=a></iframe><base href=/b/>', 'a'],
    ['of a document within', '<a href=a></a><iframe srcdoc="<base href=/b/>"></iframe>', 'a'],
    [
      'of links within it',
      '<iframe srcdoc="<a href=a></a><base href=/b/>"></iframe><a href=a></a>',
      '/b/a',
      'a',
    ],
  ])('%s', async (_, html, ...links) => {
    expect(await linksOf(html)).toEqual(links);
  });

  it('is that of links to images, too, and not that of images in front of it', async () => {
    const html = '<a href=a.png></a><a href=b.png></a><img src=b.png><base href=/d/>';
    expect(await imagesOf(html)).toEqual(['b.png', '/d/a.png', '/d/b.png']);
  });
});

describe('links of the header', () => {
  it.each([
    ['next', '</n>; rel="next"', ['/n'], []],
    ['several relations', '<n>; rel="first next"', ['n'], []],
    ['an image', '</i>; rel=preload; as=image', [], ['/i']],
    [
      'several',
      '</a?b,c=1>;rel=prev , <s.css>; rel=stylesheet; title="a, <b>", <i.png>;rel="icon"',
      ['/a?b,c=1', 'style s.css'],
      ['i.png'],
    ],
    [
      'sizes of an image',
      '<a>; rel=preload; as=image; imagesrcset="b 1x, c 2x"',
      [],
      ['a', 'b', 'c'],
    ],
    ['in capitals', '<n>; REL="NEXT"; rel=other', ['n'], []],
    ['escapes', '<n>; title="\\"; x"; rel=next', ['n'], []],
    ['of other relations', '<https://site.example/?p=1>; rel=shortlink, <a>', [], []],
    ['of another resource', '<n>; rel=next; anchor="/other"', [], []],
    ['no header', 'next', [], []],
    ['cut', '<n>; rel=next, <m', ['n'], []],
    ['a quote that is not closed', '<n>; rel="next', ['n'], []],
  ])('%s', async (_, linkHeader, links, images) => {
    expect(await linksOf('<base href=/b/>', { linkHeader })).toEqual(links);
    expect(await imagesOf('<base href=/b/>', { linkHeader })).toEqual(images);
  });

  it('tell the canonical address', async () => {
    const { canonical } = await readFound('', { linkHeader: '</c>; rel="canonical"' });
    expect(canonical).toBe('https://site.example/c');
  });

  it.each(['<', '<>', '<>;', '<>;a="', '<a>;b=c,', '\\"', ' '])(
    'are read in time linear in their length: %s',
    async (unit) => {
      const before = process.cpuUsage();
      await readFound('', { linkHeader: `<a>;rel="${unit.repeat(300_000)}` });
      await readFound('', { linkHeader: unit.repeat(300_000) });
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000).toBeLessThan(1000);
    },
  );
});

describe('links that ask not to be followed', () => {
  it('are counted once, unless another one leads there', async () => {
    const { links, images, notFollowed } = await readFound(
      `<a rel="external NoFollow" href=a></a><a rel=nofollow href=a></a><a rel=nofollow href=b></a>
       <a href=b></a><a rel=nofollow href=c.png></a><a rel="ugc sponsored" href=d></a>`,
    );
    expect({ links: links.length, images, notFollowed }).toEqual({
      links: 2,
      images: [],
      notFollowed: 2,
    });
  });

  it.each(['robots', 'ROBOTS', 'image-crawler'])(
    'are all those of a page with meta %s',
    async (name) => {
      const { links, images, notFollowed } = await readFound(
        `<meta name=${name} content="index, nofollow"><link rel=stylesheet href=a><a href=b></a>
       <a href=c.png></a><a href=d.png></a><img src=d.png>`,
      );
      expect(links.map(({ kind }) => kind)).toEqual(['style']);
      expect(images).toEqual([{ url: 'https://site.example/dir/d.png' }]);
      expect(notFollowed).toBe(2);
    },
  );

  it('are not affected by a meta element for other crawlers', async () => {
    expect(await linksOf('<meta name=otherbot content=nofollow><a href=a></a>')).toEqual(['a']);
  });
});

describe('a page tells', () => {
  it.each([
    ['a', '<a rel=next href=n>2</a>'],
    ['area', '<map><area rel="nofollow-not prev" href=n></map>'],
    ['link', '<link rel=previous href=n>'],
    ['one of several', '<a href=n>2</a><a href=n rel="Next">next</a><a href=n>last</a>'],
  ])('which links lead to its neighbours: %s', async (_, html) => {
    const { links } = await readFound(`${html}<a href=other></a>`);
    expect(links).toEqual([
      { url: 'https://site.example/dir/n', kind: 'page', isSequel: true },
      { url: 'https://site.example/dir/other', kind: 'page' },
    ]);
  });

  it('its title, and not that of a drawing', async () => {
    const svg = '<svg><title>No</title></svg>';
    const { title } = await readFound(`${svg}<title> Cats &amp;\n <b> </title><title>2</title>`);
    expect(title).toBe('Cats & <b>');
  });

  it.each([
    ['another address', '/other', 'https://site.example/other'],
    ['itself', '/dir/./page#x', undefined],
    ['the next where the first is invalid', 'about:blank', 'https://site.example/2'],
  ])('its canonical address: %s', async (_, href, canonical) => {
    const page = await readFound(`<link rel=canonical href="${href}"><link rel=canonical href=/2>`);
    expect(page.canonical).toBe(canonical);
  });

  it('the directive by which its owner does not want it kept', async () => {
    const page = await readFound('<meta name=robots content="noimageindex"><img src=a>');
    expect(page).toMatchObject({ optOut: 'noimageindex', notFollowed: 0 });
  });
});

describe('what is no page', () => {
  it.each([
    ['an image', 'GIF89a\x01\0\x01\0', 'text/html', 'an image (gif)', true],
    ['an image by its type', '\0\x01\x02', 'image/x-new', 'image/x-new', true],
    [
      'a drawing',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'image/svg+xml',
      'an image (svg)',
      true,
    ],
    ['a PDF', '%PDF-1.7', 'text/html', 'a PDF', false],
    ['an archive', 'PK\x03\x04', 'application/zip', 'a ZIP archive', false],
    ['a film by its type', '\0\x01\x02', 'video/x-new', 'video/x-new', false],
    ['text', 'Hello', 'text/plain', 'text sent as text/plain', false],
    ['HTML as text', '<html>', 'text/plain', 'an HTML page sent as text/plain', false],
    ['JSON', '{}', 'application/json', 'JSON sent as application/json', false],
    ['some XML', '<?xml version="1.0"?><x/>', 'text/xml', 'XML sent as text/xml', false],
  ])('%s', async (_, body, contentType, detail, looksLikeImage) => {
    const document = await read(Buffer.from(body, 'latin1'), { contentType });
    expect(document).toEqual({ kind: 'not-a-page', detail, looksLikeImage });
  });

  it.each<readonly [what: string, body: string, contentType: string | undefined]>([
    ['HTML without a type', '<!doctype html><img src=a>', undefined],
    ['HTML of an unknown type', '<p>', 'application/octet-stream'],
    [
      'XHTML',
      '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
      'application/xml',
    ],
    ['nothing', '', undefined],
    ['text that is called HTML', 'Hello', 'text/html'],
    ['HTML of a type without semicolon', '<p>', 'text/html charset=utf-8'],
    ['HTML of two types', '<p>', 'text/html, text/html; charset=utf-8'],
    ['HTML of a type with an empty parameter', '<p>', 'text/html; charset='],
    ['HTML of half a type', '<p>', 'text/'],
    ['HTML of any type', '<p>', '*/*'],
    ['HTML of a type by its name', '<!doctype html>', 'image/jpeg'],
    ...['', ' ', ';', 'html', 'text', 'image', 'charset=utf-8', '"text/html', 'a/b/c', '/'].map(
      (type) => [`HTML of what is no type (${type})`, '<!doctype html>', type] as const,
    ),
  ])('but %s is one', async (_, body, contentType) => {
    expect(await read(body, { contentType })).toMatchObject({ kind: 'page', isCut: false });
  });
});

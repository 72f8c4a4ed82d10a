import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { read, readFound } from './read.ts';

const XML = { expected: 'sitemap', contentType: 'application/xml' } as const;
const URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">';

async function found(body: string | Uint8Array, options: Parameters<typeof read>[1] = XML) {
  const { kind, images, links, isCut, title } = await readFound(body, options);
  expect(kind).toBe('sitemap');
  return {
    links: links.map((link) => `${link.kind} ${link.url.replace('https://site.example/', '/')}`),
    images: images.map(({ url, alt, title: of }) =>
      [url.replace('https://site.example/', '/'), alt, of]
        .filter((word) => word !== undefined)
        .join(' '),
    ),
    isCut,
    title,
  };
}

describe('sitemaps', () => {
  it('name pages, with spaces around them and entities in them', async () => {
    const body = `\n<?xml version="1.0"?>${URLSET}<url><loc>\n https://site.example/a?b=1&amp;c=2 </loc>
      <lastmod>2020-01-01</lastmod></url><url><loc><![CDATA[https://site.example/b]]></loc></url></urlset>`;
    expect(await found(body)).toMatchObject({ links: ['page /a?b=1&c=2', 'page /b'], images: [] });
  });

  it('name images by the extension, whatever its prefix, with their words', async () => {
    const body = `${URLSET}<url><loc>/a</loc><image:image><image:loc>/1</image:loc>
      <image:caption>C</image:caption><image:title>T</image:title></image:image>
      <i:image><i:loc>/2</i:loc></i:image><video:video><video:title>V</video:title>
      <video:thumbnail_loc>/3</video:thumbnail_loc><video:content_loc>/4.mp4</video:content_loc>
      </video:video></url><url><loc>/5.jpg</loc></url></urlset>`;
    expect(await found(body)).toMatchObject({
      links: ['page /a'],
      images: ['/1 C T', '/2', '/3 V', '/5.jpg'],
    });
  });

  it('name translations', async () => {
    const body = `${URLSET}<url><loc>/a</loc><xhtml:link rel="alternate" hreflang="de" href="/de"/></url>`;
    expect(await found(body)).toMatchObject({ links: ['page /a', 'page /de'] });
  });

  it('are named by an index', async () => {
    const body =
      '<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>/b.xml.gz</loc></sitemap>';
    expect(await found(body)).toMatchObject({ links: ['sitemap /a.xml', 'sitemap /b.xml.gz'] });
  });

  it('are text of one URL a line', async () => {
    const body =
      '\uFEFFhttps://site.example/a\r\nhttps://site.example/b\n\n# no\nftp://c\n/d\nhttp://site.example/e';
    expect(await found(body, { ...XML, contentType: 'text/plain' })).toMatchObject({
      links: ['page /a', 'page /b', 'page http://site.example/e'],
    });
  });

  const LIST = 'https://site.example/a\r\nhttps://site.example/b\r\n';
  it.each([
    ['as it is', LIST, 'text/plain'],
    ['with a mark', `\uFEFF${LIST}`, 'text/plain; charset=utf-8'],
    ['with comments and blank lines', `# pages\n\n  ${LIST}`, undefined],
    ['of an invalid type', LIST, 'text'],
    ['in UTF-16', Buffer.from(`\uFEFF${LIST}`, 'utf16le'), 'text/plain'],
    ['compressed', gzipSync(LIST), 'application/gzip'],
    ['long', `${LIST}${'https://site.example/a\n'.repeat(1000)}`, 'text/plain'],
  ])('are known in plain text where a page was expected: %s', async (_, body, contentType) => {
    const links = ['page /a', 'page /b'];
    expect(await found(body, { expected: 'page', contentType })).toMatchObject({ links });
  });

  it.each([
    ['words', 'Hello\nhttps://site.example/a\n'],
    ['an address and words', 'https://site.example/a is a page\n'],
    ['comments only', '# nothing\n'],
    ['addresses of other schemes', 'ftp://site.example/a\n'],
  ])('are not any text: %s', async (_, body) => {
    const document = await read(body, { expected: 'page', contentType: 'text/plain' });
    expect(document.kind).toBe('not-a-page');
  });

  it.each([
    ['a sitemap', `${URLSET}<url><loc>/a</loc></url></urlset>`, undefined],
    ['an index', '<sitemapindex><sitemap><loc>/a</loc></sitemap></sitemapindex>', undefined],
    ['RSS', '<rss><channel><link>/a</link></channel></rss>', true],
    ['Atom', '<feed><link href="/a"/></feed>', true],
    ['compressed RSS', gzipSync('<rss><channel><link>/a</link></channel></rss>'), true],
  ])('are told from feeds: %s', async (_, body, isFeed) => {
    expect((await readFound(body, XML)).isFeed).toBe(isFeed);
  });

  it.each([
    ['UTF-16 with its mark', Buffer.from(`\uFEFF${URLSET}<url><loc>/ä</loc></url>`, 'utf16le')],
    [
      'UTF-16 without',
      Buffer.from(`<?xml version="1.0"?>${URLSET}<url><loc>/ä</loc></url>`, 'utf16le'),
    ],
    [
      'what they declare',
      Buffer.from(
        `<?xml version="1.0" encoding="iso-8859-1"?>${URLSET}<url><loc>/ä</loc></url>`,
        'latin1',
      ),
    ],
    ['UTF-8', Buffer.from(`${URLSET}<url><loc>/ä</loc></url>`)],
  ])('are read in %s', async (_, body) => {
    expect(await found(body)).toMatchObject({ links: ['page /%C3%A4'] });
  });

  it('are known where a page was expected', async () => {
    const body = `${URLSET}<url><loc>/a</loc></url></urlset>`;
    expect(await found(body, { contentType: 'text/html' })).toMatchObject({ links: ['page /a'] });
  });

  it('may turn out to be a page', async () => {
    const document = await read('<!doctype html><a href=a></a>', { expected: 'sitemap' });
    expect(document).toMatchObject({ kind: 'page', links: [{ kind: 'page' }] });
  });

  it('may be empty', async () => {
    expect(await found('')).toMatchObject({ links: [], images: [], isCut: false });
  });
});

describe('compressed sitemaps', () => {
  const GZIP = { expected: 'sitemap', contentType: 'application/gzip' } as const;
  const whole = gzipSync(`${URLSET}${urls(3000)}</urlset>`);

  it.each([
    ['XML', whole, 3000],
    ['text', gzipSync('https://site.example/a\nhttps://site.example/b\n'), 2],
  ])('are read: %s', async (_, body, count) => {
    const { links, isCut } = await found(body, GZIP);
    expect([links.length, isCut]).toEqual([count, false]);
  });

  it('are read as far as they came', async () => {
    const { links, isCut } = await found(whole.subarray(0, whole.length / 2), GZIP);
    expect(isCut).toBe(true);
    expect(links.length).toBeGreaterThan(100);
    expect(links.length).toBeLessThan(3000);
  });

  it.each([
    ['something else', gzipSync('%PDF-1.7')],
    ['a page', gzipSync('<!doctype html>')],
    ['gzip again', gzipSync(whole)],
    ['damaged', Buffer.from('\x1f\x8b\x08\0 no gzip at all', 'latin1')],
    ['cut at once', whole.subarray(0, 5)],
  ])('have no links when what is inside is %s', async (_, body) => {
    const detail = 'gzip';
    expect(await read(body, GZIP)).toEqual({ kind: 'not-a-page', detail, looksLikeImage: false });
  });
});

describe('hostile sitemaps', () => {
  it('declare entities in vain', async () => {
    const lol = Array.from(
      { length: 9 },
      (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`,
    );
    const body = `<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY l0 "lol"><!ENTITY x SYSTEM "file:///etc/passwd">
      ${lol.join('\n')}]><urlset><url><loc>/&l9;&x;</loc></url><url><loc>/b</loc></url></urlset>`;
    expect(await found(body)).toMatchObject({ links: ['page /&l9;&x;', 'page /b'] });
  });

  it('are cut behind 50,000 URLs', async () => {
    const { links, isCut } = await found(`${URLSET}${urls(50_010)}`);
    expect([links.length, isCut]).toEqual([50_000, true]);
  });

  it('are cut behind 50 MiB, however small they were', async () => {
    const bomb = gzipSync(
      `${URLSET}<url><loc>/a</loc></url>${' '.repeat(60 * 1024 * 1024)}<url><loc>/b</loc></url>`,
    );
    expect(bomb.length).toBeLessThan(100_000);
    expect(await found(bomb)).toMatchObject({ links: ['page /a'], isCut: true });
  });

  it('nest as deep as they like', async () => {
    const body = `${URLSET}${'<x>'.repeat(100_000)}</x><url><loc>/no</loc></url>${'</x>'.repeat(99_999)}<url><loc>/a</loc></url>`;
    expect((await found(body)).links.at(-1)).toBe('page /a');
  });
});

describe('feeds', () => {
  it('of RSS name pages and images', async () => {
    const body = `<?xml version="1.0"?><rss version="2.0"><channel><title>News &amp; more</title>
      <link>https://site.example/</link><atom:link rel="self" href="/feed"/><atom:link rel="next" href="/feed?2"/>
      <image><url>/logo.png</url><title>L</title><link>https://site.example/</link></image>
      <itunes:image href="/cover"/>
      <item><title>One</title><link>/one</link><enclosure url="/e" type="image/jpeg"/><enclosure url="/e.mp3" type="audio/mpeg"/>
      <media:content url="/m" medium="image"><media:thumbnail url="/t"/></media:content>
      <media:content url="/m.mp4" medium="video"/>
      <description>&lt;p&gt;&lt;img src="/d.png" alt="D"&gt;&lt;/p&gt;</description>
      <content:encoded><![CDATA[<a href="/more"><img src='/c.png'></a>]]></content:encoded></item></channel></rss>`;
    expect(await found(body, { contentType: 'application/rss+xml' })).toEqual({
      title: 'News & more',
      links: ['page /', 'sitemap /feed?2', 'page /one', 'page /more'],
      images: ['/logo.png L', '/cover', '/e', '/m', '/t', '/d.png D', '/c.png'],
      isCut: false,
    });
  });

  it('of RSS 1.0 as well', async () => {
    const body =
      '<rdf:RDF xmlns="http://purl.org/rss/1.0/"><channel><link>/</link></channel><image><url>/i</url></image><item><link>/a</link></item></rdf:RDF>';
    expect(await found(body)).toMatchObject({ links: ['page /', 'page /a'], images: ['/i'] });
  });

  it('of Atom name pages and images', async () => {
    const body = `<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><logo>/logo</logo><icon>/icon</icon>
      <link href="/"/><link rel="next" href="/feed?2"/><link rel="edit" href="/no"/>
      <entry><title>One</title><link rel="alternate" type="text/html" href="/one"/><link rel="enclosure" type="image/png" href="/e"/>
      <content type="html">&lt;img src="/h.png"&gt;</content></entry>
      <entry><link href="/two"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p><img src="/x.png" alt="X"/></p></div></content>
      <summary>1 &lt; 2</summary></entry></feed>`;
    expect(await found(body, { contentType: 'application/atom+xml' })).toEqual({
      title: 'A',
      links: ['page /', 'sitemap /feed?2', 'page /one', 'page /two'],
      images: ['/logo', '/icon', '/e', '/h.png', '/x.png X'],
      isCut: false,
    });
  });
});

function urls(count: number): string {
  return Array.from(
    { length: count },
    (_, n) => `<url><loc>https://site.example/page/${n}</loc></url>`,
  ).join('\n');
}

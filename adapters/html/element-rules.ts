import { kindByName } from '../../core/links/file-names.ts';
import { refreshTarget } from '../../core/links/meta-refresh.ts';
import { parseSrcset } from '../../core/links/srcset.ts';
import type { DocumentKind } from '../../core/model/document-kind.ts';
import type { Finds } from './finds.ts';
import type { Attributes } from './markup-reader.ts';

/** Where an element puts what it names. */
export interface ElementSink {
  readonly finds: Finds;
  /** An element that speaks to robots. */
  meta(name: string, content: string): void;
  canonical(href: string): void;
  /** A document of RSL with the terms of the page. */
  license(href: string): void;
  /** A whole document within this one. */
  inner(markup: string): void;
}

type ElementRule = (attributes: Attributes, sink: ElementSink) => void;

/** Values of a `link`'s `rel` whose `href` is an image. */
const IMAGE_RELS: readonly string[] = [
  'icon',
  'apple-touch-icon',
  'apple-touch-icon-precomposed',
  'apple-touch-startup-image',
  'mask-icon',
  'fluid-icon',
  'image_src',
];

/** Names of `meta` elements whose content is the address of an image. */
const IMAGE_METAS: ReadonlySet<string> = new Set([
  'og:image',
  'og:image:url',
  'og:image:secure_url',
  'twitter:image',
  'twitter:image:src',
  'thumbnail',
  'msapplication-tileimage',
  'msapplication-square70x70logo',
  'msapplication-square150x150logo',
  'msapplication-wide310x150logo',
  'msapplication-square310x310logo',
]);

/** Other names that speak of an image: believed where the content ends like one. */
const IMAGE_META =
  /(?:^|[:._-])(?:image|img|thumbnail|logo|photo|media)\d*(?:[:._-](?:url|src|full|thumb))?$/;

/** Properties of schema.org as microdata whose value is an image. */
const IMAGE_PROPERTIES: readonly string[] = [
  'image',
  'thumbnailurl',
  'thumbnail',
  'logo',
  'photo',
  'contenturl',
];

/** Values of `rel` by which a document names its neighbours. */
const SEQUELS: readonly string[] = ['next', 'prev', 'previous'];

/** What a `link` to another form of the document leads to, by its type; others are not read. */
const ALTERNATES: ReadonlyMap<string, DocumentKind> = new Map([
  ['', 'page'],
  ['text/html', 'page'],
  ['application/xhtml+xml', 'page'],
  ['application/rss+xml', 'sitemap'],
  ['application/atom+xml', 'sitemap'],
  ['application/rdf+xml', 'sitemap'],
]);

/** Those that any element is asked for. */
export const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  'src',
  'srcset',
  'href',
  'xlink:href',
  'alt',
  'title',
  'rel',
  'type',
  'as',
  'imagesrcset',
  'content',
  'name',
  'property',
  'itemprop',
  'http-equiv',
  'data',
  'poster',
  'background',
  'style',
  'srcdoc',
]);

/** What each element names by attributes of its own; `img`, `source` and `picture` stand elsewhere. */
export const ELEMENT_RULES: ReadonlyMap<string, ElementRule> = new Map<string, ElementRule>([
  ['a', readAnchor],
  ['area', readAnchor],
  ['base', readBase],
  ['link', readLink],
  ['meta', readMeta],
  ['iframe', readFrame],
  ['frame', readFrame],
  ['object', (attributes, { finds }) => readEmbedded(attributes, 'data', finds)],
  ['embed', (attributes, { finds }) => readEmbedded(attributes, 'src', finds)],
  // Drawings in SVG; `use` shows a part of another file.
  ['image', readDrawn],
  ['feimage', readDrawn],
  ['use', readDrawn],
]);

/** Those on which `background` is a picture. */
export const WITH_BACKGROUND: ReadonlySet<string> = new Set([
  'body',
  'table',
  'thead',
  'tbody',
  'tfoot',
  'tr',
  'td',
  'th',
]);

function readAnchor(attributes: Attributes, { finds }: ElementSink): void {
  const href = attributes.get('href') ?? attributes.get('xlink:href');
  if (href === undefined) return;
  const rels = wordsOf(attributes.get('rel'));
  const nofollow = rels.includes('nofollow');
  finds.anchor(href, { nofollow, isSequel: isSequel(rels) });
}

function readBase(attributes: Attributes, { finds }: ElementSink): void {
  const href = attributes.get('href');
  if (href !== undefined) finds.setBase(href);
}

function readLink(attributes: Attributes, sink: ElementSink): void {
  const { finds } = sink;
  const rels = wordsOf(attributes.get('rel'));
  if (rels.includes('preload') || rels.includes('prefetch')) readPreload(attributes, finds);
  const href = attributes.get('href');
  if (href === undefined) return;
  const isImage = IMAGE_RELS.some((rel) => rels.includes(rel)) || isImageProperty(attributes);
  if (isImage) finds.image(href);
  if (rels.includes('canonical')) sink.canonical(href);
  if (rels.includes('license') && typeOf(attributes) === 'application/rsl+xml') sink.license(href);
  const kind = kindOfLink(rels, attributes);
  if (kind === undefined) return;
  finds.link(href, kind, { nofollow: rels.includes('nofollow'), isSequel: isSequel(rels) });
}

function kindOfLink(rels: readonly string[], attributes: Attributes): DocumentKind | undefined {
  if (rels.includes('stylesheet')) return 'style';
  if (rels.includes('sitemap')) return 'sitemap';
  if (rels.includes('manifest')) return 'manifest';
  if (rels.includes('alternate')) return ALTERNATES.get(typeOf(attributes));
  return isSequel(rels) ? 'page' : undefined;
}

/** Whether a link leads to another part of the same: the pages of a list, of a comic, of a story. */
function isSequel(rels: readonly string[]): boolean {
  return rels.length > 0 && SEQUELS.some((rel) => rels.includes(rel));
}

function readPreload(attributes: Attributes, finds: Finds): void {
  const href = attributes.get('href');
  const as = attributes.get('as')?.trim().toLowerCase();
  if (as === 'style' && href !== undefined) finds.link(href, 'style', { nofollow: false });
  if (as !== 'image') return;
  const sized = parseSrcset(attributes.get('imagesrcset') ?? '');
  finds.files({ plain: href === undefined ? [] : [{ url: href, rank: 'usual' }], sized });
}

function readMeta(attributes: Attributes, sink: ElementSink): void {
  const content = attributes.get('content');
  if (content === undefined) return;
  // A property may be several (RDFa), a name is one.
  const name = attributes.get('name')?.trim().toLowerCase();
  const names = [...wordsOf(attributes.get('property')), ...(name === undefined ? [] : [name])];
  if (names.some((one) => namesImage(one, content)) || isImageProperty(attributes))
    sink.finds.image(content);
  for (const name of names) sink.meta(name, content);
  if (attributes.get('http-equiv')?.trim().toLowerCase() !== 'refresh') return;
  const target = refreshTarget(content);
  if (target !== undefined) sink.finds.link(target, 'page', { nofollow: false });
}

function readFrame(attributes: Attributes, sink: ElementSink): void {
  const srcdoc = attributes.get('srcdoc');
  if (srcdoc !== undefined) sink.inner(srcdoc);
  // Where both are given the address is for browsers that do not know the other.
  const addresses = srcdoc === undefined ? [attributes.get('src'), attributes.get('data-src')] : [];
  for (const src of addresses) {
    if (src !== undefined) readEmbeddedPage(src, sink.finds);
  }
}

/** By its type, otherwise by its name: an image, a page, or something that a browser has no need of. */
function readEmbedded(attributes: Attributes, name: string, finds: Finds): void {
  const address = attributes.get(name);
  if (address === undefined) return;
  const type = typeOf(attributes);
  const isImage = type === '' ? kindByName(address) === 'image' : type.startsWith('image/');
  if (isImage || /^\s*data:image\//i.test(address.slice(0, 64))) finds.image(address);
  else if (type === '' ? /\.x?html?(?:[?#]|$)/i.test(address) : ALTERNATES.get(type) === 'page')
    finds.link(address, 'page', { nofollow: false });
}

function readEmbeddedPage(src: string, finds: Finds): void {
  const kind = kindByName(src);
  if (kind === 'image') finds.image(src);
  if (kind === 'unknown') finds.link(src, 'page', { nofollow: false });
}

function readDrawn(attributes: Attributes, { finds }: ElementSink): void {
  const href = attributes.get('href') ?? attributes.get('xlink:href');
  if (href !== undefined) finds.image(href);
}

function namesImage(name: string, content: string): boolean {
  return IMAGE_METAS.has(name) || (IMAGE_META.test(name) && kindByName(content.trim()) === 'image');
}

function isImageProperty(attributes: Attributes): boolean {
  const properties = wordsOf(attributes.get('itemprop'));
  return IMAGE_PROPERTIES.some((name) => properties.includes(name));
}

/** In lower case, without parameters. */
function typeOf(attributes: Attributes): string {
  return (attributes.get('type') ?? '')
    .replace(/;[\s\S]*/, '')
    .trim()
    .toLowerCase();
}

function wordsOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.toLowerCase().split(/\s+/);
}

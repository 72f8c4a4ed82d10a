import { type Find, factsOfFind } from '../model/find.ts';
import type { Finds } from '../model/finds.ts';
import { spelledFind, spelledPage } from '../model/request-url.ts';
import type { PageSettings } from '../model/run.ts';
import type { Target } from '../model/task.ts';
import type { LinkRules } from '../ports/link-rules.ts';
import type { FoundImage, FoundLink, ReadDocument } from '../ports/pages.ts';
import { judgeFind, type Sites } from './judge-link.ts';
import { shapeOf } from './url-shape.ts';

/** A document that was read. */
export type Document = Exclude<ReadDocument, { kind: 'not-a-page' }>;

/** What finds are judged by. */
export interface FindRules {
  readonly settings: PageSettings;
  readonly rules: LinkRules;
}

/** The images of a document that are addresses, as targets of its run or left out of it. */
export function imagesIn(document: Document, from: Target, by: FindRules): Finds {
  const targets = document.images.flatMap((image) => imageTarget(image, from));
  return divide(targets, sitesOf(document, from), by);
}

/** Likewise the documents that it names. */
export function linksIn(document: Document, from: Target, by: FindRules): Finds {
  const sites = sitesOf(document, from);
  const targets = document.links.flatMap((link) => linkTarget(link, document, from));
  const isSitemap = ({ kind }: Target) => kind === 'sitemap';
  // The parts of an index are kept beside it, or with the pages.
  const parts = divide(
    targets.filter(isSitemap),
    sites.length === 0 ? [] : [from.url, ...sites],
    by,
  );
  const others = divide(
    targets.filter((target) => !isSitemap(target)),
    sites,
    by,
  );
  return both(others, parts);
}

/** One more address of a document: where it has moved to, or which name it prefers. */
export function otherAddress(url: string, from: Target, by: FindRules): Finds {
  const found = from.kind === 'page' ? spelledPage(url) : spelledFind(url);
  if (found === undefined) return { targets: [], leftOut: [] };
  const { kind, depth, hops = 0, isGuess, chain } = from;
  const site = from.site ?? (isListed(from) ? ANYWHERE : siteOfSitemap(from));
  const target = { ...found, kind, depth, chain, site, isGuess, hops: hops + 1, foundOn: from.url };
  // A page of the list may have moved anywhere: whoever gave it to us meant what is there now.
  if (depth === 0) return { targets: [target], leftOut: [] };
  return divide([target], [from.url], by);
}

/**
 * The sitemaps of a site, as its robots.txt names them, or where they usually are. They may be on
 * another host, as sitemaps.org has it ("Sitemaps & Cross Submits"): what they name may not.
 */
export function sitemapsOf(named: readonly string[], from: Target, by: FindRules): Finds {
  const urls = named.length > 0 ? named : [new URL('/sitemap.xml', from.url).href];
  const isGuess = named.length === 0 ? true : undefined;
  const find: Find = { kind: 'sitemap', depth: 0, foundOn: from.url, site: from.url, isGuess };
  const targets = urls.flatMap((url) => {
    const found = spelledFind(url);
    return found === undefined ? [] : [{ ...find, ...found }];
  });
  return divide(targets, [], by);
}

/** Two as one. */
export function both(a: Finds, b: Finds): Finds {
  return { targets: [...a.targets, ...b.targets], leftOut: [...a.leftOut, ...b.leftOut] };
}

/** Of `Find.site`: entries of a sitemap that a list named are as good as listed. */
const ANYWHERE = '*';

/** Whose site bounds what a document names; none where nothing does. */
function sitesOf(document: Document, from: Target): Sites {
  const isListOfPages = document.kind === 'sitemap' && document.isFeed !== true;
  const isUnbounded = from.site === ANYWHERE || (from.site === undefined && isListed(from));
  if (isUnbounded) return isListOfPages ? [] : [from.url];
  return [from.site ?? from.url];
}

/** Nobody but a person's list has named it. */
function isListed({ foundOn }: Target): boolean {
  return foundOn === undefined;
}

/** Wherever a sitemap moves: its pages stay those of its site. */
function siteOfSitemap({ kind, url }: Target): string | undefined {
  return kind === 'sitemap' ? url : undefined;
}

function imageTarget({ url, alt, title }: FoundImage, from: Target): readonly Target[] {
  const found = spelledFind(url);
  if (found === undefined) return [];
  return [{ ...found, depth: from.depth, foundOn: from.url, alt, title }];
}

function linkTarget(
  { url: written, kind, isSequel }: FoundLink,
  document: Document,
  from: Target,
): readonly Target[] {
  const found = kind === 'page' ? spelledPage(written) : spelledFind(written);
  if (found === undefined || found.url === from.url) return [];
  const { depth = 0, hops = 0, chain = 0 } = from;
  const bothPages = from.kind === 'page' && kind === 'page';
  const isAlike = bothPages && shapeOf(found.url) === shapeOf(from.url);
  const links = chain + (isSequel === true ? 0 : 1);
  const isPart = kind === document.kind && kind !== 'page';
  return [
    {
      ...found,
      kind,
      foundOn: from.url,
      depth: kind === 'page' ? depth + 1 : depth,
      // A sheet that imports a sheet, a sitemap that names a sitemap.
      hops: isPart ? hops + 1 : undefined,
      // A calendar seldom says so; parts that do are bounded by the depth.
      chain: isAlike && links > 0 ? links : undefined,
      site: kind === 'sitemap' && isPart ? siteOfParts(from) : undefined,
    },
  ];
}

function siteOfParts(index: Target): string | undefined {
  return index.site ?? (isListed(index) ? ANYWHERE : undefined);
}

function divide(found: readonly Target[], sites: Sites, { settings, rules }: FindRules): Finds {
  const targets: Target[] = [];
  const leftOut: Finds['leftOut'][number][] = [];
  for (const target of found) {
    const out = judgeFind(target, sites, settings, rules);
    if (out === undefined) targets.push(target);
    else leftOut.push({ url: target.url, ...factsOfFind(target), ...out });
  }
  return { targets, leftOut };
}

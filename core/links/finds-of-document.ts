import { type Find, factsOfFind } from '../find.ts';
import type { Finds } from '../finds.ts';
import type { LinkRules } from '../ports/link-rules.ts';
import type { FoundImage, FoundLink, ReadDocument } from '../ports/pages.ts';
import { spelledFind } from '../request-url.ts';
import type { PageSettings } from '../run.ts';
import type { Target } from '../task.ts';
import { judgeFind } from './judge-link.ts';
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
  return divide(
    document.images.flatMap((image) => imageTarget(image, from)),
    from,
    by,
  );
}

/** Likewise the documents that it names. */
export function linksIn(document: Document, from: Target, by: FindRules): Finds {
  return divide(
    document.links.flatMap((link) => linkTarget(link, document, from)),
    from,
    by,
  );
}

/** One more address of a document: where it has moved to, or which name it prefers. */
export function otherAddress(url: string, from: Target, by: FindRules): Finds {
  const found = spelledFind(url);
  if (found === undefined) return { targets: [], leftOut: [] };
  const { kind, depth, hops = 0, isGuess, chain } = from;
  const target = { ...found, kind, depth, chain, isGuess, hops: hops + 1, foundOn: from.url };
  // A page of the list may have moved anywhere: whoever gave it to us meant what is there now.
  if (depth === 0) return { targets: [target], leftOut: [] };
  return divide([target], from, by);
}

/** The sitemaps of a site, as its robots.txt names them, or where they usually are. */
export function sitemapsOf(named: readonly string[], from: Target, by: FindRules): Finds {
  const urls = named.length > 0 ? named : [new URL('/sitemap.xml', from.url).href];
  const isGuess = named.length === 0 ? true : undefined;
  const targets = urls.flatMap((url) => {
    const found = spelledFind(url);
    const find: Find = { kind: 'sitemap', depth: 0, foundOn: from.url, isGuess };
    return found === undefined ? [] : [{ ...find, ...found }];
  });
  return divide(targets, from, by);
}

/** Two as one. */
export function both(a: Finds, b: Finds): Finds {
  return { targets: [...a.targets, ...b.targets], leftOut: [...a.leftOut, ...b.leftOut] };
}

function imageTarget({ url, alt, title }: FoundImage, from: Target): readonly Target[] {
  const found = spelledFind(url);
  if (found === undefined) return [];
  return [{ ...found, depth: from.depth, foundOn: from.url, alt, title }];
}

function linkTarget(
  { url: written, kind }: FoundLink,
  document: Document,
  from: Target,
): readonly Target[] {
  const found = spelledFind(written);
  if (found === undefined || found.url === from.url) return [];
  const { depth = 0, hops = 0, chain = 0 } = from;
  const bothPages = from.kind === 'page' && kind === 'page';
  const isAlike = bothPages && shapeOf(found.url) === shapeOf(from.url);
  return [
    {
      ...found,
      kind,
      foundOn: from.url,
      depth: kind === 'page' ? depth + 1 : depth,
      // A sheet that imports a sheet, a sitemap that names a sitemap.
      hops: kind === document.kind && kind !== 'page' ? hops + 1 : undefined,
      chain: isAlike ? chain + 1 : undefined,
    },
  ];
}

function divide(found: readonly Target[], from: Target, { settings, rules }: FindRules): Finds {
  const targets: Target[] = [];
  const leftOut: Finds['leftOut'][number][] = [];
  for (const target of found) {
    const out = judgeFind(target, from.url, settings, rules);
    if (out === undefined) targets.push(target);
    else leftOut.push({ url: target.url, ...factsOfFind(target), ...out });
  }
  return { targets, leftOut };
}

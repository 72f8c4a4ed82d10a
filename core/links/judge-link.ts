import type { Reason } from '../model/outcome.ts';
import type { PageSettings, Scope } from '../model/run.ts';
import type { Target } from '../model/task.ts';
import type { LinkRules } from '../ports/link-rules.ts';
import { kindByName } from './file-names.ts';
import { isTrap } from './url-shape.ts';

/** Steps between two links of pages: longer chains lead nowhere. */
export const MAX_HOPS = 5;
/** Why a find is left out; undefined when it is taken. */
export type LeaveOut = { readonly reason: Reason; readonly detail?: string } | undefined;

/** The addresses one of whose sites a find has to be on; none: any site. */
export type Sites = readonly string[];

/** Judges what a document names by the settings of its run, cheap questions first. */
export function judgeFind(
  find: Target,
  sites: Sites,
  settings: PageSettings,
  rules: LinkRules,
): LeaveOut {
  return find.kind === 'page' || find.kind === 'sitemap'
    ? judgePage(find, sites, settings, rules)
    : judgePart(find, sites, settings, rules);
}

function judgePage(find: Target, sites: Sites, settings: PageSettings, rules: LinkRules): LeaveOut {
  const { url, depth = 0, hops = 0, chain = 0 } = find;
  if (!isInScope(settings.scope, sites, url, rules)) return scopeDetail(settings.scope);
  const excluded = rules.firstMatch(settings.exclude, url);
  if (excluded !== undefined) return { reason: 'out-of-scope', detail: `--exclude ${excluded}` };
  const isWanted = settings.include.length === 0 || find.kind === 'sitemap';
  if (!isWanted && rules.firstMatch(settings.include, url) === undefined)
    return { reason: 'out-of-scope', detail: 'no --include matches' };
  if (find.kind === 'page' && kindByName(url) === 'no-page')
    return { reason: 'not-a-page', detail: 'by its name' };
  if (isTrap(url) || hops > MAX_HOPS) return { reason: 'trap' };
  if (chain > settings.maxChain)
    return { reason: 'trap', detail: `--max-chain ${settings.maxChain}` };
  return depth > settings.depth ? { reason: 'too-deep' } : undefined;
}

/** Images and style sheets belong to their page, wherever they are kept. */
function judgePart(find: Target, sites: Sites, settings: PageSettings, rules: LinkRules): LeaveOut {
  const { url, hops = 0 } = find;
  if (!isInScope(settings.imageScope, sites, url, rules)) return scopeDetail(settings.imageScope);
  const excluded = rules.firstMatch(settings.exclude, url);
  if (excluded !== undefined) return { reason: 'out-of-scope', detail: `--exclude ${excluded}` };
  return hops > MAX_HOPS ? { reason: 'trap' } : undefined;
}

function scopeDetail(scope: Scope): LeaveOut {
  return { reason: 'out-of-scope', detail: `another ${scope}` };
}

function isInScope(scope: Scope, sites: Sites, to: string, rules: LinkRules): boolean {
  if (scope === 'any' || sites.length === 0) return true;
  return sites.some((site) => isOnSite(scope, site, to, rules));
}

/** `www.` makes no other host: half of all sites redirect from one to the other. */
function isOnSite(scope: Scope, from: string, to: string, { sameDomain }: LinkRules): boolean {
  const [a, b] = [new URL(from), new URL(to)];
  if (a.host === b.host || withoutWww(a.host) === withoutWww(b.host)) return true;
  return scope === 'domain' && sameDomain(a.hostname, b.hostname);
}

function withoutWww(host: string): string {
  return host.replace(/^www\./, '');
}

import type { Reason } from '../outcome.ts';
import type { LinkRules } from '../ports/link-rules.ts';
import type { PageSettings, Scope } from '../run.ts';
import type { Target } from '../task.ts';
import { kindByName } from './file-names.ts';
import { isTrap } from './url-shape.ts';

/** Steps between two links of pages: longer chains lead nowhere. */
export const MAX_HOPS = 5;
/**
 * Links in a row between pages whose addresses differ in numbers only. A list of some thousand
 * entries has fewer pages; a calendar has no last one.
 */
export const MAX_CHAIN = 200;

/** Why a find is left out; undefined when it is taken. */
export type LeaveOut = { readonly reason: Reason; readonly detail?: string } | undefined;

/** Judges what a document names by the settings of its run, cheap questions first. */
export function judgeFind(
  find: Target,
  from: string,
  settings: PageSettings,
  rules: LinkRules,
): LeaveOut {
  return find.kind === 'page' || find.kind === 'sitemap'
    ? judgePage(find, from, settings, rules)
    : judgePart(find, from, settings, rules);
}

function judgePage(find: Target, from: string, settings: PageSettings, rules: LinkRules): LeaveOut {
  const { url, depth = 0, hops = 0, chain = 0 } = find;
  if (!isInScope(settings.scope, from, url, rules)) return scopeDetail(settings.scope);
  const excluded = rules.firstMatch(settings.exclude, url);
  if (excluded !== undefined) return { reason: 'out-of-scope', detail: `--exclude ${excluded}` };
  const isWanted = settings.include.length === 0 || find.kind === 'sitemap';
  if (!isWanted && rules.firstMatch(settings.include, url) === undefined)
    return { reason: 'out-of-scope', detail: 'no --include matches' };
  if (find.kind === 'page' && kindByName(url) === 'no-page')
    return { reason: 'not-a-page', detail: 'by its name' };
  if (isTrap(url) || hops > MAX_HOPS || chain > MAX_CHAIN) return { reason: 'trap' };
  return depth > settings.depth ? { reason: 'too-deep' } : undefined;
}

/** Images and style sheets belong to their page, wherever they are kept. */
function judgePart(find: Target, from: string, settings: PageSettings, rules: LinkRules): LeaveOut {
  const { url, hops = 0 } = find;
  if (!isInScope(settings.imageScope, from, url, rules)) return scopeDetail(settings.imageScope);
  const excluded = rules.firstMatch(settings.exclude, url);
  if (excluded !== undefined) return { reason: 'out-of-scope', detail: `--exclude ${excluded}` };
  return hops > MAX_HOPS ? { reason: 'trap' } : undefined;
}

function scopeDetail(scope: Scope): LeaveOut {
  return { reason: 'out-of-scope', detail: `another ${scope}` };
}

/** `www.` makes no other host: half of all sites redirect from one to the other. */
function isInScope(scope: Scope, from: string, to: string, { sameDomain }: LinkRules): boolean {
  if (scope === 'any') return true;
  const [a, b] = [new URL(from), new URL(to)];
  if (a.host === b.host || withoutWww(a.host) === withoutWww(b.host)) return true;
  return scope === 'domain' && sameDomain(a.hostname, b.hostname);
}

function withoutWww(host: string): string {
  return host.replace(/^www\./, '');
}

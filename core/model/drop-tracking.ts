import { words } from './words.ts';

/**
 * Parameters that tell where a visitor came from and change nothing of the answer: campaign tags
 * (Google Analytics, Matomo, Piwik, HubSpot, Yandex) and click ids of advertisers (Google, Meta,
 * Microsoft, TikTok, X, LinkedIn, Pinterest, Snapchat, Mailchimp, Adobe), each by its owner's
 * documentation. Names that sites use for something else are not here: `pk_id` is a primary key,
 * `icid` the id of an icon, `s_cid` and `sid` can be anything.
 */
const TRACKING: ReadonlySet<string> = words(
  'gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid _gl _ga',
  'fbclid msclkid ttclid twclid li_fat_id epik sccid yclid ysclid igshid igsh',
  'mc_cid mc_eid mkt_tok _hsenc _hsmi hsctatracking __hstc __hssc __hsfp',
  's_kwcid ef_id wickedid oly_anon_id oly_enc_id vero_id',
  'pk_campaign pk_cpn pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid pk_group pk_placement',
  'piwik_campaign piwik_kwd piwik_keyword matomo_campaign matomo_kwd matomo_keyword matomo_source',
  'matomo_medium matomo_content matomo_cid matomo_group matomo_placement',
);
/** Nothing but campaign tags begins so. */
const TRACKING_PREFIXES = ['utm_', 'mtm_'];

/**
 * Ids of a visitor's session by the platform that writes them: another one with each visit, the
 * same page behind all. A generic name (`sid`, `session_id`) may name what the page is about.
 */
const SESSIONS: ReadonlySet<string> = words(
  'phpsessid jsessionid aspsessionid asp.net_sessionid cftoken zenid oscsid osadminid',
);
/** A short value may well be a choice: a session's id is long. */
const LEAST_SESSION_LENGTH = 16;

/**
 * The canonical URL of a page without the parameters that name a visitor and not a page. The others
 * keep their order and spelling: a server may care for both. Never for images: their parameters may
 * be a size or a signature, and the same image twice costs less than one that is missed.
 */
export function dropTracking(url: string): string {
  const withoutSession = url.includes(';') ? url.replace(PATH_SESSION, '') : url;
  const start = withoutSession.indexOf('?');
  if (start === -1) return withoutSession;
  const parameters = withoutSession.slice(start + 1).split('&');
  const kept = parameters.filter((parameter) => !isVisitor(parameter));
  if (kept.length === parameters.length) return withoutSession;
  const query = kept.length === 0 ? '' : `?${kept.join('&')}`;
  return `${withoutSession.slice(0, start)}${query}`;
}

/** Servlet containers put the session into the path: `/page;jsessionid=…`. */
const PATH_SESSION = /;(?:jsessionid|phpsessid)=[^/?;]*/gi;

function isVisitor(parameter: string): boolean {
  const equals = parameter.indexOf('=');
  const name = (equals === -1 ? parameter : parameter.slice(0, equals)).toLowerCase();
  if (TRACKING.has(name) || TRACKING_PREFIXES.some((prefix) => name.startsWith(prefix)))
    return true;
  const valueLength = equals === -1 ? 0 : parameter.length - equals - 1;
  const isSession = SESSIONS.has(name) || name.startsWith('aspsessionid');
  return isSession && valueLength >= LEAST_SESSION_LENGTH;
}

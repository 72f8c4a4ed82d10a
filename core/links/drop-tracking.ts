/**
 * Parameters that tell who sent a visitor and change nothing of what is answered: campaign tags
 * (Google Analytics, Matomo, Piwik, HubSpot, Adobe, Yandex) and click ids of advertisers (Google,
 * Meta, Microsoft, TikTok, X, LinkedIn, Pinterest, Snapchat, Mailchimp), each by its owner's documentation.
 */
const TRACKING: ReadonlySet<string> = new Set([
  ...['gclid', 'gclsrc', 'dclid', 'gbraid', 'wbraid', 'gad_source', 'gad_campaignid', '_gl', '_ga'],
  ...['fbclid', 'msclkid', 'ttclid', 'twclid', 'li_fat_id', 'epik', 'sccid', 'yclid', 'ysclid'],
  ...['igshid', 'igsh', 'mc_cid', 'mc_eid', 'mkt_tok', '_hsenc', '_hsmi', 'hsctatracking'],
  ...['s_cid', 'ef_id', 's_kwcid', 'icid', 'wickedid', 'oly_anon_id', 'oly_enc_id', 'vero_id'],
]);
const TRACKING_PREFIXES = ['utm_', 'mtm_', 'pk_', 'piwik_', 'matomo_', '__hs'];
/** Ids of a visitor's session: another one with each visit, the same page behind all. */
const SESSIONS: ReadonlySet<string> = new Set([
  ...['phpsessid', 'jsessionid', 'aspsessionid', 'asp.net_sessionid', 'cfid', 'cftoken'],
  ...['sessionid', 'session_id', 'sessid', 'sid', 'zenid', 'oscsid', 'osadminid'],
]);
/** A short value may well be a choice (`sid=3`): a session's id is long. */
const LEAST_SESSION_LENGTH = 16;

/**
 * A canonical URL without the parameters that name a visitor and not a page. The others keep their
 * order and spelling: a server may care for both.
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

import { parseUrl } from '../model/canonical-url.ts';

/**
 * The sitemaps that a robots.txt at `robotsUrl` names as written, each once, as whole http(s) URLs in
 * the spelling to request. The protocol wants whole addresses; crawlers resolve others, and many
 * sites write those.
 */
export function sitemapUrls(named: readonly string[], robotsUrl: string): readonly string[] {
  const urls = new Map<string, string>();
  for (const written of named) {
    const parsed = parseUrl(URL.parse(written, robotsUrl)?.href ?? written);
    if (parsed.kind === 'url' && !urls.has(parsed.url)) urls.set(parsed.url, parsed.requestUrl);
  }
  return [...urls.values()];
}

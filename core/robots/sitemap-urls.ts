import { parseUrl } from '../canonical-url.ts';
import type { RobotsRules } from './read-robots.ts';

/**
 * The sitemaps that a robots.txt at `robotsUrl` names, each once, as whole http(s) URLs in the spelling to request. The
 * protocol wants whole addresses; crawlers resolve others, and many sites write those.
 */
export function sitemapUrls({ sitemaps }: RobotsRules, robotsUrl: string): readonly string[] {
  const urls = new Map<string, string>();
  for (const written of sitemaps) {
    const parsed = parseUrl(URL.parse(written, robotsUrl)?.href ?? written);
    if (parsed.kind === 'url' && !urls.has(parsed.url)) urls.set(parsed.url, parsed.requestUrl);
  }
  return [...urls.values()];
}

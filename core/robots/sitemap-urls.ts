import { parseUrl } from '../canonical-url.ts';
import type { RobotsRules } from './read-robots.ts';

/**
 * The sitemaps that a robots.txt at `robotsUrl` names, each once, as canonical http(s) URLs. The
 * protocol wants whole addresses; crawlers resolve others, and many sites write those.
 */
export function sitemapUrls({ sitemaps }: RobotsRules, robotsUrl: string): readonly string[] {
  const urls = sitemaps.flatMap((written) => {
    const parsed = parseUrl(URL.parse(written, robotsUrl)?.href ?? written);
    return parsed.kind === 'url' ? [parsed.url] : [];
  });
  return [...new Set(urls)];
}

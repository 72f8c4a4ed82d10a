import { getDomain } from 'tldts';
import type { LinkRules } from '../../core/ports/link-rules.ts';
import { parsePattern, type UrlPattern } from './url-pattern.ts';

/** Rules for links with the public suffix list; its private part counts: two blogs of one host are two sites. */
export class PublicSuffixRules implements LinkRules {
  readonly #patterns = new Map<string, UrlPattern | undefined>();

  sameDomain(a: string, b: string): boolean {
    const domain = getDomain(a, OPTIONS);
    return domain !== null && domain === getDomain(b, OPTIONS);
  }

  domainOf(host: string): string | undefined {
    return getDomain(host, OPTIONS) ?? undefined;
  }

  firstMatch(patterns: readonly string[], url: string): string | undefined {
    return patterns.find((pattern) => this.#patternOf(pattern)?.matches(url));
  }

  /** One that cannot be read matches nothing; who types it is told when the run begins. */
  #patternOf(text: string): UrlPattern | undefined {
    if (this.#patterns.has(text)) return this.#patterns.get(text);
    const parsed = parsePattern(text);
    const pattern = parsed.kind === 'pattern' ? parsed.pattern : undefined;
    this.#patterns.set(text, pattern);
    return pattern;
  }
}

const OPTIONS = { allowPrivateDomains: true } as const;

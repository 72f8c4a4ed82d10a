import type { PageSettings } from '../core/model/run.ts';

/** Settings of a run over the pages of a host, one link deep, without its sitemaps. */
export function pageSettings(change: Partial<PageSettings> = {}): PageSettings {
  return {
    depth: 1,
    scope: 'host',
    imageScope: 'any',
    include: [],
    exclude: [],
    maxPages: 100,
    maxChain: 200,
    best: false,
    sitemaps: false,
    ...change,
  };
}

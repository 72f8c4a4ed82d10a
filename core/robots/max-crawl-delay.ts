/** Longest Crawl-delay that is waited for where a run says nothing of it, in milliseconds. */
export const MAX_CRAWL_DELAY_MS = 30_000;

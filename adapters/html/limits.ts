/** What is read of one document at most; what comes behind a limit is told as cut. */

/** URLs of a sitemap, as its protocol allows in one file (sitemaps.org, "Protocol"). */
export const MAX_SITEMAP_URLS = 50_000;

/** Bytes that a compressed sitemap holds, by the same protocol. */
export const MAX_INFLATED_BYTES = 50 * 1024 * 1024;

/** Images of a page, style sheet or feed. */
export const MAX_IMAGES = 20_000;

/** Links of a page. */
export const MAX_LINKS = 20_000;

/** Characters of an attribute; long ones are images written out in `data:` URLs. */
export const MAX_ATTRIBUTE_LENGTH = 4 * 1024 * 1024;

/** Characters of a style element or of a block of JSON-LD. */
export const MAX_BLOCK_LENGTH = 2 * 1024 * 1024;

/** Characters of an alternative text or title. */
export const MAX_WORDS_LENGTH = 200;

/** Documents within documents: `srcdoc` in `srcdoc`. */
export const MAX_NESTING = 3;

/** Elements of a page that speak to robots, or could. */
export const MAX_METAS = 200;

/** Bytes of a style sheet, which is read in one go. */
export const MAX_STYLE_BYTES = 8 * 1024 * 1024;

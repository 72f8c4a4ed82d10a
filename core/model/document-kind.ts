/** Kinds of documents that are not images. */
export const DOCUMENT_KINDS = ['page', 'style', 'sitemap', 'manifest'] as const;

/** What a document that is not an image can be. */
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** What asks a crawler of images to leave a picture or page alone, the weightiest first. */
export const OPT_OUTS = ['noindex', 'noimageindex', 'none', 'noai', 'noimageai', 'noml'] as const;

/** A directive by which a site keeps something from us. */
export type OptOut = (typeof OPT_OUTS)[number];

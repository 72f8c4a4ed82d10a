/** A list that lies in a bucket and belongs to no run yet. */
export interface OfferedList {
  /** That of the images when it is absent. */
  readonly bucket?: string;
  readonly key: string;
  /** Which of the objects that had this key; absent for the one that is there. */
  readonly etag?: string;
}

/** What became of an offer. */
export type KeptList =
  | { readonly kind: 'kept'; readonly location: string; readonly gzip: boolean }
  /** It is no list for us: empty, too long, or another object by now. */
  | { readonly kind: 'refused'; readonly problem: string };

/** Keeps lists where nobody changes them while a run reads them. */
export interface ListKeeper {
  /** Copies an offered list for a run; again is harmless. Rejects on infrastructure errors. */
  keep(offered: OfferedList, runId: string): Promise<KeptList>;
}

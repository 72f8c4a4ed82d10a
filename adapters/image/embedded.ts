/** Metadata that stands in an image, as it was found; nothing of it is decoded yet. */
export interface Embedded {
  /** `xmp`: a packet of XMP; `jumbf`: boxes of a C2PA manifest store. */
  readonly kind: 'xmp' | 'jumbf';
  readonly bytes: Uint8Array;
}

/** No more of the metadata of one image is looked at, in bytes. */
export const MAX_EMBEDDED_BYTES = 1024 * 1024;

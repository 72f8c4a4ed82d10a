/** A `<license>` of RSL 1.0, as far as it is about uses. */
export interface RslLicense {
  /** Tokens of `<permits type="usage">`. */
  readonly permits: readonly string[];
  /** Tokens of `<prohibits type="usage">`. */
  readonly prohibits: readonly string[];
  /** Types of `<payment>`; none means free. */
  readonly payments: readonly string[];
}

/** A `<content>` of RSL 1.0: a scope and its licenses. */
export interface RslContent {
  /** A path pattern, or an absolute URL with one. */
  readonly url: string;
  /** A license has to be obtained there, even when it is free. */
  readonly server?: string;
  readonly licenses: readonly RslLicense[];
}

/** A document of RSL 1.0: plain JSON, to be kept and shared; undefined when it was named and is unreadable. */
export type RslDocument = readonly RslContent[] | undefined;

/** Reads an RSL document; undefined when it is unreadable. Takes hostile bytes: it never throws. */
export type ReadRsl = (bytes: Uint8Array) => RslDocument;

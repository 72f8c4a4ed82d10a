import type { RslDocument } from '../rights/rsl.ts';

/** Reads an RSL document; undefined when it is unreadable. Takes hostile bytes: it never throws. */
export type ReadRsl = (bytes: Uint8Array) => RslDocument;

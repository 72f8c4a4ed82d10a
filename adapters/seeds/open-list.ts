import type { Readable } from 'node:stream';

/** Opens what a location names, from a byte on. Rejects when it is not there. */
export type OpenList = (location: string, fromByte: number) => Promise<Readable>;

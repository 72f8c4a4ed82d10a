import type { Readable } from 'node:stream';

/** An opened list. */
export interface OpenedList {
  readonly bytes: Readable;
  /** Length of the whole list, in bytes. */
  readonly size: number;
}

/** Opens what a location names, from a byte on, up to the one before `toByte`. Rejects when it is not there. */
export type OpenList = (location: string, fromByte: number, toByte?: number) => Promise<OpenedList>;

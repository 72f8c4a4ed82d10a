/** What DynamoDB bills for a request. */
export interface TableUnits {
  /** One for each begun KiB of each item that is written, at least one: the item before or after, whichever is larger. */
  readonly written: number;
  /** One for each begun 4 KiB of each item that is read as it is now, half of one otherwise. */
  readonly read: number;
}

const WRITE_BYTES = 1024;
const READ_BYTES = 4096;

/** What writing an item costs that had and has so many bytes; none is 0. */
export function writeUnits(bytesBefore: number, bytesAfter: number): number {
  return Math.max(1, Math.ceil(Math.max(bytesBefore, bytesAfter) / WRITE_BYTES));
}

/** What reading so many bytes costs. */
export function readUnits(bytes: number, isConsistent: boolean): number {
  const units = Math.max(1, Math.ceil(bytes / READ_BYTES));
  return isConsistent ? units : units / 2;
}

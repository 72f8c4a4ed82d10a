import type { ListColumns } from './column-value.ts';
import { exactJson, parseExactJson } from './exact-json.ts';

/** What hooks are given of a row of a list. */
export interface GivenColumns {
  readonly columns: ListColumns;
  /** Names of columns whose values have no room in a task. */
  readonly tooLong?: readonly string[];
}

/** The columns that a run is begun with; undefined for none. */
export function wantedByHooks(names: readonly string[]): readonly string[] | undefined {
  return names.length === 0 ? undefined : names;
}

/** Most bytes that the columns of one target take in a message, in which they are JSON within JSON. */
export const MAX_COLUMNS_BYTES = 16 * 1024;

/** What is kept for the names of columns that have no room. */
const NAMES_BYTES = 1024;

/** Columns as the text that travels with a target: of those that have no room only the names. */
export function encodeColumns(columns: ListColumns): string {
  const whole = exactJson({ columns });
  if (bytesOf(whole) <= MAX_COLUMNS_BYTES) return whole;
  const kept: [string, ListColumns[string]][] = [];
  const tooLong: string[] = [];
  let bytes = NAMES_BYTES;
  let nameBytes = 64;
  for (const [name, value] of Object.entries(columns)) {
    const length = bytesOf(exactJson({ [name]: value }));
    const nameLength = bytesOf(exactJson([name]));
    if (bytes + length <= MAX_COLUMNS_BYTES) {
      kept.push([name, value]);
      bytes += length;
    } else if (nameBytes + nameLength <= NAMES_BYTES) {
      tooLong.push(name);
      nameBytes += nameLength;
    }
  }
  return exactJson({ columns: Object.fromEntries(kept), tooLong });
}

/** Reads such a text; undefined where it is not valid, since a message can come from anyone. */
export function decodeColumns(text: string): GivenColumns | undefined {
  try {
    const value = parseExactJson(text);
    return isGiven(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What JSON gave is what JSON has: only the outer form is in question. */
function isGiven(value: unknown): value is GivenColumns {
  if (typeof value !== 'object' || value === null || !('columns' in value)) return false;
  return typeof value.columns === 'object' && value.columns !== null;
}

/** As a text within a message. */
function bytesOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

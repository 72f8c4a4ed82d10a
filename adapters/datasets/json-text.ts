/** What JSON.stringify writes for half of a surrogate pair; whole ones it leaves as they are. */
const HALF = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** JSON whose texts are Unicode: some readers refuse a file for half a character in it. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(HALF, '$1\ufffd');
}

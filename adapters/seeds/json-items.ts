import { BrokenListError } from './list-head.ts';
import { MAX_LINE_BYTES } from './max-line-bytes.ts';

/** One item of an array: its text, or none where it is too long; where it ends. */
export interface JsonItem {
  readonly text?: string;
  /** Bytes from where the reading began to the comma or bracket behind the item. */
  readonly end: number;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Cuts an array of JSON into the texts of its items, chunk by chunk, without parsing them. Begins
 * before the array or, for a list that is entered in its middle, at the comma or bracket behind an
 * item.
 */
export class JsonItems {
  #state: 'before' | 'inside' | 'behind';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #skipping = false;
  #item: Buffer[] = [];
  #itemBytes = 0;
  #read = 0;
  /** Whether the item that ends next was given before. */
  #isGiven: boolean;

  constructor(isInside = false) {
    this.#state = isInside ? 'inside' : 'before';
    this.#isGiven = isInside;
  }

  /** The items that end in a chunk. @throws BrokenListError for text behind the array */
  *take(chunk: Buffer): Generator<JsonItem> {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#state === 'inside') {
        if (!this.#ends(byte)) continue;
        yield* this.#cut(chunk.subarray(start, at), this.#read + at, byte === COMMA);
        start = at + 1;
        if (byte === CLOSE_ARRAY) this.#state = 'behind';
      } else if (this.#state === 'before' && byte === OPEN_ARRAY) {
        this.#state = 'inside';
        start = at + 1;
      } else if (this.#state === 'behind' && !isSpace(byte)) {
        throw new BrokenListError('there is text behind the end of its array');
      }
    }
    if (this.#state === 'inside') this.#keep(chunk.subarray(start));
    this.#read += chunk.length;
  }

  /** @throws BrokenListError when the array was not closed */
  end(): void {
    if (this.#state !== 'behind') throw new BrokenListError('its array is not closed');
  }

  /** Whether a byte ends an item: a comma or the bracket of the array itself, outside of texts. */
  #ends(byte: number): boolean {
    if (this.#inString) {
      const wasEscaped = this.#escaped;
      this.#escaped = byte === BACKSLASH && !wasEscaped;
      if (byte === QUOTE && !wasEscaped) this.#inString = false;
      return false;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) this.#depth += 1;
    else if (this.#depth > 0 && (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT)) this.#depth -= 1;
    else return this.#depth === 0 && (byte === COMMA || byte === CLOSE_ARRAY);
    return false;
  }

  /** Nothing before a comma is a fault, before the closing bracket it is usual. */
  *#cut(last: Buffer, end: number, isWanted: boolean): Generator<JsonItem> {
    this.#keep(last);
    const text = Buffer.concat(this.#item).toString('utf8').trim();
    if (this.#skipping) yield { end };
    else if (text !== '' || (isWanted && !this.#isGiven)) yield { text, end };
    this.#isGiven = false;
    this.#item = [];
    this.#itemBytes = 0;
    this.#skipping = false;
  }

  #keep(part: Buffer): void {
    this.#itemBytes += part.length;
    if (this.#itemBytes > MAX_LINE_BYTES) {
      this.#skipping = true;
      this.#item = [];
    } else if (part.length > 0) {
      this.#item.push(part);
    }
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

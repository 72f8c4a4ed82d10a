/** One candidate of a `srcset`, with at most one of its descriptors. */
export interface Candidate {
  readonly url: string;
  /** Of `800w`. */
  readonly width?: number;
  /** Of `2x`. */
  readonly density?: number;
}

/** What comes behind so many candidates of one attribute is not read. */
export const MAX_CANDIDATES = 1000;

interface Tokens {
  readonly descriptors: readonly string[];
  /** Where the next candidate begins. */
  readonly end: number;
}

/** The descriptors of a candidate as they are read; a height says nothing without a width. */
interface Descriptors {
  width?: number;
  density?: number;
  height?: number;
}

const SPACE_OR_COMMA = /[\t\n\f\r ,]*/y;
const NO_SPACE = /[^\t\n\f\r ]*/y;
const INTEGER = /^[0-9]+$/;
const FLOAT = /^-?(?:[0-9]+|[0-9]*\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/**
 * The candidates of a `srcset` attribute by the algorithm of the HTML standard ("parse a srcset
 * attribute"): commas within a URL are part of it, a candidate with a wrong descriptor is dropped.
 */
export function parseSrcset(input: string): readonly Candidate[] {
  const candidates: Candidate[] = [];
  for (let at = skip(SPACE_OR_COMMA, input, 0); at < input.length; ) {
    const from = at;
    at = skip(NO_SPACE, input, from);
    const word = input.slice(from, at);
    const hasComma = word.endsWith(',');
    const tokens = hasComma ? { descriptors: [], end: at } : tokenise(input, at);
    const descriptors = read(tokens.descriptors);
    if (descriptors !== undefined) {
      const { width, density } = descriptors;
      const url = hasComma ? withoutCommas(word) : word;
      candidates.push({
        url,
        ...(width !== undefined && { width }),
        ...(density !== undefined && { density }),
      });
    }
    if (candidates.length === MAX_CANDIDATES) break;
    at = skip(SPACE_OR_COMMA, input, tokens.end);
  }
  return candidates;
}

function skip(pattern: RegExp, input: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(input);
  return pattern.lastIndex;
}

function withoutCommas(word: string): string {
  let end = word.length;
  while (word[end - 1] === ',') end -= 1;
  return word.slice(0, end);
}

/** Parted by space, up to a comma that is not in parentheses; those do not nest. */
function tokenise(input: string, from: number): Tokens {
  const descriptors: string[] = [];
  const stops = /[\t\n\f\r ,(]/g;
  let start = from;
  const take = (end: number) => {
    if (end > start) descriptors.push(input.slice(start, end));
    start = end + 1;
  };
  for (stops.lastIndex = from; stops.test(input); ) {
    const at = stops.lastIndex - 1;
    if (input[at] === '(') {
      const close = input.indexOf(')', at);
      if (close === -1) break;
      stops.lastIndex = close + 1;
    } else {
      take(at);
      if (input[at] === ',') return { descriptors, end: at + 1 };
    }
  }
  take(input.length);
  return { descriptors, end: input.length };
}

/** Undefined where one of them is wrong, or where they do not go together. */
function read(descriptors: readonly string[]): Descriptors | undefined {
  const found: Descriptors = {};
  for (const one of descriptors) {
    if (!take(one.slice(0, -1), one.at(-1), found)) return undefined;
  }
  return found.height !== undefined && found.width === undefined ? undefined : found;
}

function take(number: string, unit: string | undefined, found: Descriptors): boolean {
  const value = Number(number);
  if (unit === 'x') {
    const isAlone = Object.keys(found).length === 0;
    if (!isAlone || !FLOAT.test(number) || value < 0) return false;
    found.density = value;
    return true;
  }
  if (!INTEGER.test(number) || value === 0 || found.density !== undefined) return false;
  const name = unit === 'w' ? 'width' : 'height';
  if ((unit !== 'w' && unit !== 'h') || found[name] !== undefined) return false;
  found[name] = value;
  return true;
}

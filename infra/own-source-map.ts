/**
 * `node infra/own-source-map.ts FILE.map`: leaves in a source map what is of our own sources. What
 * packages put into it is nine tenths of its size, and is read at every cold start; their frames
 * in a stack trace stay as they are in the bundle. Of the names those stay that are called: a stack
 * trace names a frame by how it was called, and shows no others.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { z } from 'zod';

const sourceMap = z.looseObject({
  sources: z.array(z.string()),
  names: z.array(z.string()),
  mappings: z.string(),
});

/** Those of many texts that are asked for, in a list of their own. */
class Kept {
  readonly values: string[] = [];
  readonly #all: readonly string[];
  readonly #places = new Map<number, number>();

  constructor(all: readonly string[]) {
    this.#all = all;
  }

  /** The place in the new list of what has this place in the old one. */
  keep(old: number): number {
    const known = this.#places.get(old);
    if (known !== undefined) return known;
    const place = this.values.push(this.#all[old] ?? '') - 1;
    this.#places.set(old, place);
    return place;
  }
}

const [file = ''] = process.argv.slice(2);
const { sources, names, mappings, ...rest } = sourceMap.parse(
  JSON.parse(readFileSync(file, 'utf8')),
);
const ownSources = new Kept(sources);
const ownNames = new Kept(names);
const texts = new Map<number, readonly string[]>();
const lines = decode(mappings).map((segments) => segments.flatMap(keep));
const own = { sources: ownSources.values, names: ownNames.values, mappings: encode(lines) };
writeFileSync(file, JSON.stringify({ ...rest, ...own }));

/** The segment of an own source; where a package begins after one, a segment of no source. */
function keep(
  segment: SourceMapSegment,
  at: number,
  line: readonly SourceMapSegment[],
): readonly SourceMapSegment[] {
  if (segment.length === 1 || !isOwn(segment)) {
    const before = line[at - 1];
    return before === undefined || isOwn(before) ? [[segment[0]]] : [];
  }
  const [column, source, sourceLine, sourceColumn] = segment;
  const place = ownSources.keep(source);
  return segment.length === 5 && isCall(source, sourceLine, sourceColumn)
    ? [[column, place, sourceLine, sourceColumn, ownNames.keep(segment[4])]]
    : [[column, place, sourceLine, sourceColumn]];
}

function isOwn([, source]: SourceMapSegment): boolean {
  return source !== undefined && sources[source]?.includes('node_modules/') === false;
}

/** Whether the name at this place is called, or declared to be. */
function isCall(source: number, line: number, column: number): boolean {
  const text = linesOf(source)[line] ?? '';
  return /^\w+(?:<[^()]*>)?\(/.test(text.slice(column));
}

function linesOf(source: number): readonly string[] {
  const known = texts.get(source);
  if (known !== undefined) return known;
  const path = resolve(dirname(file), sources[source] ?? '');
  const lines = readFileSync(path, 'utf8').split('\n');
  texts.set(source, lines);
  return lines;
}

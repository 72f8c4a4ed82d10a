import { excerpt, type ParsedUrl, parseUrl } from '../model/canonical-url.ts';
import type { SeedLine } from '../ports/seed-source.ts';

/** The URL of an entry of a list in its canonical form, or why it cannot be used. */
export function readSeedLine({ text = '', problem }: SeedLine): ParsedUrl {
  if (problem === undefined) return parseUrl(text);
  return { kind: 'bad', problem: text === '' ? problem : `${problem}: ${excerpt(text)}` };
}

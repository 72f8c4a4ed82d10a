import type { Run } from '../../core/model/run.ts';
import type { SeedSource } from '../../core/ports/seed-source.ts';
import { readSeedLine } from '../../core/seed/read-seed-line.ts';

/**
 * The lines of a run's lists that gave no URL, as lines of JSON: list, line, problem and the
 * beginning of the text. Reads the lists again, up to where the seeder has come, in bounded memory.
 * Throws when a list is gone.
 */
export async function* unusableLines(
  { lists, checkpoint }: Pick<Run, 'lists' | 'checkpoint'>,
  source: SeedSource,
): AsyncGenerator<string> {
  let left = checkpoint.badLines;
  for (const list of lists) {
    if (left === 0) return;
    for await (const entries of source.read(list, { line: 0, byte: 0 })) {
      for (const entry of entries) {
        const read = readSeedLine(entry);
        if (read.kind === 'url') continue;
        const { line, text = '', problem = read.problem } = entry;
        yield `${escaped({ list: list.name, line, problem, text })}\n`;
        left -= 1;
        if (left === 0) return;
      }
    }
  }
}

/** JSON of which nothing moves a terminal's cursor, turns its text around or hides in it. */
function escaped(value: object): string {
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

import type { Run } from '../../core/model/run.ts';
import { withoutCredentials } from '../../core/model/without-credentials.ts';
import type { SeedSource } from '../../core/ports/seed-source.ts';
import { readSeedLine } from '../../core/seed/read-seed-line.ts';

/** A line of a list that gave no URL. */
export interface UnusableLine {
  readonly list: string;
  readonly line: number;
  readonly problem: string;
  /** Its beginning, without credentials. */
  readonly text: string;
  /** All of that on one line, for a person. */
  readonly told: string;
}

/**
 * The lines of a run's lists that gave no URL. Reads the lists again, up to where the seeder has
 * come, in bounded memory. Throws when a list is gone.
 */
export async function* unusableLines(
  { lists, checkpoint }: Pick<Run, 'lists' | 'checkpoint'>,
  source: SeedSource,
): AsyncGenerator<UnusableLine> {
  let left = checkpoint.badLines;
  for (const list of lists) {
    if (left === 0) return;
    for await (const entries of source.read(list, { line: 0, byte: 0 })) {
      for (const entry of entries) {
        const read = readSeedLine(entry);
        if (read.kind === 'url') continue;
        const { line, text = '', problem = read.problem } = entry;
        const told = `${list.name}:${line}: ${read.problem}`;
        yield { list: list.name, line, problem, text: withoutCredentials(text), told };
        left -= 1;
        if (left === 0) return;
      }
    }
  }
}

/** The same as lines of JSON of which nothing moves a terminal's cursor, turns its text around or hides in it. */
export async function* unusableJson(lines: AsyncIterable<UnusableLine>): AsyncGenerator<string> {
  for await (const { told: _, ...line } of lines) yield `${escaped(line)}\n`;
}

function escaped(value: object): string {
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

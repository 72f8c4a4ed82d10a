import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError } from '../command-error.ts';
import { systemMessage } from '../deployment/system-error.ts';

/**
 * The texts of `--header`, with `@FILE` replaced by the lines of the file: what is typed can be seen
 * in the list of processes. Empty lines and those that begin with `#` are left out.
 * @throws CommandError when a file cannot be read
 */
export async function headerLines(
  texts: readonly string[],
  base: string,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const text of texts) {
    if (text.startsWith('@')) lines.push(...(await linesOf(text.slice(1), base)));
    else lines.push(text);
  }
  return lines;
}

async function linesOf(file: string, base: string): Promise<readonly string[]> {
  try {
    const text = await readFile(resolve(base, file), 'utf8');
    return text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  } catch (error) {
    throw new CommandError(`--header: cannot read ${file}: ${systemMessage(error)}`);
  }
}

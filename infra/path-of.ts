import { fileURLToPath } from 'node:url';

/** Where a file of the project is, named from its root. */
export function pathOf(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}

/** A shell command that runs a script of the project with this Node. */
export function nodeCommand(script: string, ...words: readonly string[]): string {
  return [process.execPath, pathOf(script), ...words].map((word) => `"${word}"`).join(' ');
}

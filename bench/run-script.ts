import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** As the command itself is started. */
export const NODE_OPTIONS = ['--max-old-space-size=512', '--max-semi-space-size=4', '--max-opt=2'];
export const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };

/** Runs a script of this folder in a process of its own; gives what it printed. */
export async function runScript(
  options: readonly string[],
  script: string,
  ...args: string[]
): Promise<string> {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, [...options, path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...MALLOC, ...process.env },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const output = await text(child.stdout);
  if ((await ended) !== 0) throw new Error(`${script} failed: ${output}`);
  return output;
}

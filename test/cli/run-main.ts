import { Readable } from 'node:stream';
import { main } from '../../cli/main.ts';
import { BufferOutput } from './buffer-output.ts';

/** What a command left on the screen, and its exit code. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process, standing in a folder. */
export async function runMain(
  base: string,
  words: readonly string[],
  input: string | Buffer = '',
): Promise<Ran> {
  const [stdout, stderr] = [new BufferOutput(), new BufferOutput()];
  const stdin = Readable.from([Buffer.from(input)]);
  const exitCode = await main(words, { base, stdin, stdout, stderr, version: '1.2.3' });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

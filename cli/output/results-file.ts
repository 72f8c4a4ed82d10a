import { join, posix, relative, sep } from 'node:path';
import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { makeFolder } from '../options/folders.ts';
import { jsonLine } from './result-line.ts';
import { writeTexts, writeWhole } from './write-whole.ts';

/**
 * Writes `results.jsonl` into a folder, whole or not at all; gives its path. `imagesOut` is the
 * folder that the files of the results are below, where it is another one.
 */
export async function writeResultsFile(
  results: AsyncIterable<ResultLine>,
  out: string,
  imagesOut: string = out,
): Promise<string> {
  await makeFolder('--out', out);
  const path = join(out, 'results.jsonl');
  const lines = linesOf(results, relative(out, imagesOut).split(sep).join(posix.sep));
  await writeWhole(path, (draft) => writeTexts(draft, lines));
  return path;
}

async function* linesOf(results: AsyncIterable<ResultLine>, way: string): AsyncGenerator<string> {
  for await (const result of results) {
    const { file } = result;
    const moved = way !== '' && file !== undefined && !file.startsWith('s3://');
    yield jsonLine(moved ? { ...result, file: posix.join(way, file) } : result);
  }
}

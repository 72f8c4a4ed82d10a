import { createReadStream } from 'node:fs';

/** The lines of a file, many at once: to await each one costs more than to read it. */
export async function* linePortions(path: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const chunk of createReadStream(path, {
    encoding: 'utf8',
    highWaterMark: 256 * 1024,
  })) {
    const texts = `${rest}${chunk}`.split('\n');
    rest = texts.pop() ?? '';
    if (texts.length > 0) yield texts;
  }
}

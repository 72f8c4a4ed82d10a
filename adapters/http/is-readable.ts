import { inspectImage } from '../image/inspect-image.ts';

/** Bytes that are looked at for text. */
const SAMPLE_BYTES = 512;

/** What is no text: control characters other than tab, line ends, form feed and escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BINARY = /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/;

/** Whether bytes are a picture or a text as they are, so that no coding has to be undone. */
export function isReadable(bytes: Uint8Array): boolean {
  return isText(bytes.subarray(0, SAMPLE_BYTES)) || inspectImage(bytes).kind !== 'not-an-image';
}

/** Compressed bytes are practically never valid UTF-8. */
function isText(sample: Uint8Array): boolean {
  try {
    // As a stream: a character at the end of the sample may be cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return text !== '' && !BINARY.test(text);
  } catch {
    return false;
  }
}

import { unlessBroken } from './broken-image.ts';
import { ByteReader } from './byte-reader.ts';
import { asUtf8, rootOf, skipMisc } from './xml-root.ts';

/** What is often sent in place of an image, by how it begins. */
const SIGNATURES: readonly (readonly [at: number, begins: string, what: string])[] = [
  [0, '%PDF-', 'a PDF'],
  [0, '%!PS', 'PostScript'],
  [0, '8BPS', 'a Photoshop document'],
  [0, 'P4\n', 'a PNM picture'],
  [0, 'P5\n', 'a PNM picture'],
  [0, 'P6\n', 'a PNM picture'],
  [0, 'P7\n', 'a PNM picture'],
  [0, '\x0a\x05\x01', 'a PCX picture'],
  [0, 'icns', 'an icon (ICNS)'],
  [0, 'qoif', 'a QOI picture'],
  [0, 'DDS ', 'a texture (DDS)'],
  [0, 'PK\x03\x04', 'a ZIP archive'],
  [0, '\x1f\x8b', 'gzip'],
  [0, '7z\xbc\xaf\x27\x1c', 'a 7z archive'],
  [0, 'Rar!\x1a\x07', 'a RAR archive'],
  [4, 'ftyp', 'a video (MP4)'],
  [0, '\x1a\x45\xdf\xa3', 'a video (WebM)'],
  [8, 'AVI ', 'a video (AVI)'],
  [0, 'FLV\x01', 'a video (FLV)'],
  [0, '\0\0\x01\xba', 'a video (MPEG)'],
  [0, 'OggS', 'sound or video (Ogg)'],
  [0, 'ID3', 'sound (MP3)'],
  [8, 'WAVE', 'sound (WAV)'],
  [0, 'fLaC', 'sound (FLAC)'],
  [0, 'wOFF', 'a font'],
  [0, 'wOF2', 'a font'],
  [0, '\0\x01\0\0', 'a font'],
  [0, 'OTTO', 'a font'],
  [0, '\x7fELF', 'a program'],
  [0, 'MZ', 'a program'],
];

/** Beginnings of a page in lower case, as in the WHATWG's MIME sniffing; a space or `>` comes next. */
const PAGE =
  /^<(!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link|center)[\s>]/;

/** Bytes that are looked at for text. */
const SAMPLE_BYTES = 512;

/** What is no text: control characters other than tab, line ends, form feed and escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BINARY = /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/;

/** What bytes are that are no image, in a word or two for people. */
export function whatElse(bytes: Uint8Array): string {
  const file = new ByteReader(bytes);
  if (file.length === 0) return 'nothing';
  const known = SIGNATURES.find(([at, begins]) => file.is(at, begins));
  if (known !== undefined) return known[2];
  return unlessBroken(() => whatText(asUtf8(file))) ?? 'unknown bytes';
}

function whatText(text: ByteReader): string | undefined {
  const sample = text.text(0, Math.min(SAMPLE_BYTES, text.length));
  if (BINARY.test(sample)) return undefined;
  const trimmed = sample.trimStart();
  if (trimmed === '') return 'blank text';
  if (trimmed.startsWith('<')) return unlessBroken(() => whatMarkup(text)) ?? 'XML';
  return /^[{[]/.test(trimmed) ? 'JSON' : 'text';
}

function whatMarkup(text: ByteReader): string {
  const at = skipMisc(text, 0);
  const sample = text.text(at, Math.min(SAMPLE_BYTES, text.length - at));
  const isPage = PAGE.test(sample.toLowerCase()) || rootOf(text)?.name.toLowerCase() === 'html';
  return isPage ? 'an HTML page' : 'XML';
}

import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DataSetLine } from '../../adapters/datasets/data-set-line.ts';
import { MissingImageError, type ReadImage } from '../../adapters/datasets/read-images.ts';
import { aResult } from '../cli/records.ts';

/** Lines with images, and what reads them. */
export class Kept {
  readonly #images = new Map<string, Uint8Array>();
  readonly lines: DataSetLine[] = [];

  /** Adds an image and its line; the same text is the same image. */
  image(text: string, fields: Partial<DataSetLine> = {}): this {
    return this.bytes(Buffer.from(text), { format: 'png', width: 3, height: 2, ...fields });
  }

  /** Adds bytes that are kept, and their line. */
  bytes(bytes: Uint8Array, fields: Partial<DataSetLine>): this {
    const sha256 = hash('sha256', bytes, 'hex');
    this.#images.set(sha256, bytes);
    const { row = this.lines.length + 1 } = fields;
    const url = `https://a.example/${row}`;
    const kept = { url, sha256, file: `images/${sha256}`, bytes: bytes.byteLength };
    this.lines.push({ ...aResult(), ...kept, row, ...fields });
    return this;
  }

  /** Adds a line without an image. */
  failure(fields: Partial<DataSetLine> = {}): this {
    const row = this.lines.length + 1;
    const failed = { status: 'failed', reason: 'not-found' } as const;
    this.lines.push({ ...aResult(), ...failed, url: `https://a.example/${row}`, row, ...fields });
    return this;
  }

  readonly read: ReadImage = async ({ sha256, file }) => {
    const bytes = this.#images.get(sha256);
    if (bytes === undefined) throw new MissingImageError(file);
    return bytes;
  };

  readonly all = async function* (this: Kept): AsyncGenerator<DataSetLine> {
    yield* this.lines;
  }.bind(this);
}

/** A picture of the tests, and what its line says of it. */
export async function aPicture(name: 'baseline.jpg' | 'palette.png' | 'lossy.webp') {
  const bytes = await readFile(new URL(`../image/pictures/${name}`, import.meta.url));
  const format = { 'baseline.jpg': 'jpeg', 'palette.png': 'png', 'lossy.webp': 'webp' }[name];
  return { bytes, fields: { format, width: 61, height: 47 } };
}

/** Texts that break what takes them for a name, a line or a C string. */
export const HOSTILE_TEXTS: readonly string[] = [
  '../../../etc/passwd',
  'a\0b',
  'x'.repeat(1_000_000),
  '\u202egpj.exe',
  'line\r\nline: two',
  '"; DROP TABLE images; --',
  '{"key": "000000000"}',
  '=cmd()',
  '\ud800 half a character',
  'Ä日本語🖼️',
  '',
];

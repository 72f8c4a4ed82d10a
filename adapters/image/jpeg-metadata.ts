import type { ByteReader } from './byte-reader.ts';
import { type Embedded, MAX_EMBEDDED_BYTES } from './embedded.ts';

/** ITU-T T.81, table B.1: application segments. */
const [APP1, APP11] = [0xe1, 0xeb];

const XMP = 'http://ns.adobe.com/xap/1.0/\0';
/** Followed by the hash of the whole, its length and the offset of this part (XMP part 3, section 1.1.3.1). */
const EXTENDED_XMP = 'http://ns.adobe.com/xmp/extension/\0';
const EXTENDED_HEAD = EXTENDED_XMP.length + 32 + 4 + 4;
/** Followed by the number of the box and of the part; parts after the first repeat the head of the box. */
const JUMBF = 'JP';
const JUMBF_HEAD = JUMBF.length + 2 + 4;
const BOX_HEAD = 8;

/** Metadata of a JPEG, which is dealt out to segments of at most 64 KiB. */
export class JpegMetadata {
  readonly #embedded: Embedded[] = [];
  readonly #extended: Uint8Array[] = [];
  readonly #boxes = new Map<number, Uint8Array[]>();
  #bytes = 0;

  /** Looks at an application segment; `segment` is what follows its length. */
  take(marker: number, segment: ByteReader): void {
    if (marker === APP1 && segment.is(0, XMP))
      this.#embedded.push({ kind: 'xmp', bytes: this.#read(segment, XMP.length) });
    else if (marker === APP1 && segment.is(0, EXTENDED_XMP))
      this.#extended.push(this.#read(segment, EXTENDED_HEAD));
    else if (marker === APP11 && segment.is(0, JUMBF) && segment.length > JUMBF_HEAD)
      this.#takeBox(segment);
  }

  /** Nothing for most pictures. */
  all(): readonly Embedded[] {
    if (this.#extended.length > 0)
      this.#embedded.push({ kind: 'xmp', bytes: Buffer.concat(this.#extended) });
    for (const parts of this.#boxes.values())
      this.#embedded.push({ kind: 'jumbf', bytes: Buffer.concat(parts) });
    return this.#embedded;
  }

  #takeBox(segment: ByteReader): void {
    const box = segment.u16(JUMBF.length);
    const parts = this.#boxes.get(box);
    const from = parts === undefined ? JUMBF_HEAD : JUMBF_HEAD + BOX_HEAD;
    const bytes = this.#read(segment, from);
    if (parts === undefined) this.#boxes.set(box, [bytes]);
    else parts.push(bytes);
  }

  #read(segment: ByteReader, from: number): Uint8Array {
    const length = Math.min(segment.length - from, MAX_EMBEDDED_BYTES - this.#bytes);
    if (length <= 0) return new Uint8Array();
    this.#bytes += length;
    return segment.bytes(from, length);
  }
}

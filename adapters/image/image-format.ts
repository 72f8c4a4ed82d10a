import type { ByteReader } from './byte-reader.ts';
import type { Embedded } from './embedded.ts';

/** What a format's header says of a picture. */
export interface Shape {
  /** Pixels as they are stored. */
  readonly width: number;
  /** Pixels as they are stored. */
  readonly height: number;
  /** 1 or absent for a still picture. */
  readonly frames?: number;
  /** As in EXIF, 1 to 8; absent where the format does not say. */
  readonly orientation?: number;
  /** Metadata that may say something of rights. */
  readonly embedded?: readonly Embedded[];
}

/** One format of images; each is a file in `formats/`. */
export interface ImageFormat {
  /** The name of the format, when the bytes begin as one of its files do. Does not throw. */
  readonly recognise: (file: ByteReader) => string | undefined;
  /** Walks a recognised file once, without decoding pixels. @throws BrokenImage */
  readonly read: (file: ByteReader) => Shape;
}

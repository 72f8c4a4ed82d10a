import { boxMetadata } from '../box-metadata.ts';
import { boxes } from '../boxes.ts';
import { BrokenImage } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { Embedded } from '../embedded.ts';
import type { ImageFormat, Shape } from '../image-format.ts';

const CONTAINER = '\0\0\0\x0cjP  \r\n\x87\n';

/** SOC, then SIZ (ISO/IEC 15444-1, annex A). */
const CODESTREAM = '\xff\x4f\xff\x51';
const END = Buffer.from([0xff, 0xd9]);

/** JPEG 2000, in its container or bare. */
export const jp2: ImageFormat = {
  recognise(file) {
    if (file.is(0, CODESTREAM)) return 'j2c';
    return file.is(0, CONTAINER) ? 'jp2' : undefined;
  },
  read(file) {
    if (file.is(0, CODESTREAM)) return readCodestream(file);
    const { codestream, embedded } = readContainer(file);
    return { ...readCodestream(codestream), embedded };
  },
};

function readContainer(file: ByteReader) {
  let codestream: ByteReader | undefined;
  const embedded: Embedded[] = [];
  for (const box of boxes(file)) {
    if (box.type === 'jp2c') codestream ??= file.part(box.from, box.to);
    const metadata = boxMetadata(file, box);
    if (metadata !== undefined) embedded.push(metadata);
  }
  if (codestream?.is(0, CODESTREAM) !== true) throw new BrokenImage('it has no picture data');
  return { codestream, embedded };
}

/** The picture is what lies right of and below its offset on the reference grid (B.2). */
function readCodestream(codestream: ByteReader): Shape {
  const width = codestream.u32(8) - codestream.u32(16);
  const height = codestream.u32(12) - codestream.u32(20);
  // Packets have no 0xFF with a second byte above 0x8F behind it.
  if (codestream.findLast(END) < CODESTREAM.length) throw new BrokenImage('it has no end marker');
  return { width, height };
}

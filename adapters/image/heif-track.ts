import { type Box, boxes, firstBoxes } from './boxes.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Shape } from './image-format.ts';

/** Parts of an `stbl` box that are read. */
const TABLES: ReadonlySet<string> = new Set(['stsd', 'stsz', 'stz2', 'stco', 'co64']);

/** Where a sample entry of pictures has its size (ISO/IEC 14496-12, section 12.1.3). */
const ENTRY_SIZE_AT = 24;

/** Size and count of the frames in the first picture track of a `moov` box; undefined without one. */
export function readPictureTrack(moov: ByteReader, file: ByteReader): Shape | undefined {
  for (const { type, from, to } of boxes(moov)) {
    if (type !== 'trak') continue;
    const mdia = within(moov.part(from, to), ['mdia']);
    const hdlr = within(mdia, ['hdlr']);
    // A mask of transparency is a track of its own, of another kind.
    if (hdlr?.is(8, 'pict') !== true) continue;
    const stbl = within(mdia, ['minf', 'stbl']);
    if (stbl !== undefined) return readSamples(stbl, file);
  }
  return undefined;
}

function within(box: ByteReader | undefined, path: readonly string[]): ByteReader | undefined {
  return path.reduce((at, type) => at && firstBoxes(at, new Set([type])).get(type), box);
}

function readSamples(stbl: ByteReader, file: ByteReader): Shape | undefined {
  const tables = firstBoxes(stbl, TABLES);
  const [stsd, sizes] = [tables.get('stsd'), tables.get('stsz') ?? tables.get('stz2')];
  if (stsd === undefined || sizes === undefined) return undefined;
  checkChunksAreThere(tables, file);
  const entry = firstEntry(stsd);
  if (entry === undefined) return undefined;
  return {
    width: stsd.u16(entry.from + ENTRY_SIZE_AT),
    height: stsd.u16(entry.from + ENTRY_SIZE_AT + 2),
    frames: sizes.u32(8),
  };
}

function firstEntry(stsd: ByteReader): Box | undefined {
  const [entry] = boxes(stsd, 8);
  return entry;
}

/** Every chunk of samples begins in the file (section 8.7.5); that its end is there, `mdat` says. */
function checkChunksAreThere(tables: ReadonlyMap<string, ByteReader>, file: ByteReader): void {
  const [short, long] = [tables.get('stco'), tables.get('co64')];
  for (let n = short?.u32(4) ?? 0; n > 0; n -= 1) file.reaches((short?.u32(4 + 4 * n) ?? 0) + 1);
  for (let n = long?.u32(4) ?? 0; n > 0; n -= 1) file.reaches((long?.u64(8 * n) ?? 0) + 1);
}

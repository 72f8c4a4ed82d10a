import { type DataSetLine, hasImage, type KeptLine } from './data-set-line.ts';

/** Reads the bytes of a kept image or document, wherever its store has them. @throws MissingImageError */
export type ReadImage = (image: KeptLine) => Promise<Uint8Array>;

/** An image that a result names is not where it was kept. */
export class MissingImageError extends Error {
  override readonly name = 'MissingImageError';
  constructor(place: string) {
    super(`the image ${place} is gone`);
  }
}

/** A line, with its image where one was kept. */
export interface OpenedLine {
  readonly line: DataSetLine;
  readonly bytes?: Uint8Array;
}

/** Images that are read at the same time. */
const MAX_READS = 16;
/** Bytes of images that were read and are not written yet. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Lines in their order, their images read ahead; in memory that `MAX_BYTES` and one image bound. */
export async function* readImages(
  lines: AsyncIterable<DataSetLine>,
  read: ReadImage,
  isWanted: (line: DataSetLine) => line is KeptLine = hasImage,
): AsyncGenerator<OpenedLine> {
  const ahead: { readonly opened: Promise<OpenedLine>; readonly bytes: number }[] = [];
  let held = 0;
  for await (const line of lines) {
    const bytes = isWanted(line) ? (line.bytes ?? 0) : 0;
    while (ahead.length >= MAX_READS || (ahead.length > 0 && held + bytes > MAX_BYTES)) {
      const first = ahead.shift();
      if (first === undefined) break;
      held -= first.bytes;
      yield await first.opened;
    }
    const opened = open(line, read, isWanted);
    opened.catch(() => {}); // whoever awaits it gets the error
    ahead.push({ opened, bytes });
    held += bytes;
  }
  for (const { opened } of ahead) yield await opened;
}

async function open(
  line: DataSetLine,
  read: ReadImage,
  isWanted: (line: DataSetLine) => line is KeptLine,
): Promise<OpenedLine> {
  return isWanted(line) ? { line, bytes: await read(line) } : { line };
}

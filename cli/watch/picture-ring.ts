import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import type { ImagePlace } from '../../core/ports/images.ts';
import { formatBytes } from '../options/quantities.ts';
import { captionOf, pageText, shortened } from '../report/caption.ts';
import { isShown } from '../report/shown-formats.ts';
import type { PictureRow } from './watch-state.ts';

/** Pictures that are kept; the oldest are forgotten. */
const MAX_PICTURES = 2000;
/** A file this large is not shown as a thumbnail, in bytes. */
const MAX_SHOWN_BYTES = 10_000_000;

/** A picture that was kept: what its tile says, and what its file is. */
export interface KeptPicture {
  readonly sha256: string;
  readonly format: string;
  readonly place: ImagePlace;
  readonly row: PictureRow;
}

/** The pictures that were seen last, each once, in bounded memory. */
export class PictureRing {
  readonly #pictures = new Map<string, KeptPicture>();
  readonly #max: number;

  constructor(max: number = MAX_PICTURES) {
    this.#max = max;
  }

  /** Keeps a result that is a picture with a file; others, and pictures that are known, are not. */
  offer(result: ResultLine): void {
    const { file, offset, length, status } = result;
    const { storedSha256: sha256 = result.sha256, storedFormat: format = result.format } = result;
    if (status !== 'succeeded' || file === undefined) return;
    if (sha256 === undefined || format === undefined || !/^[0-9a-f]{64}$/.test(sha256)) return;
    if (this.#pictures.has(sha256)) return;
    const place = { file, offset, length };
    this.#pictures.set(sha256, { sha256, format, place, row: rowOf(result, sha256) });
    const [oldest] = this.#pictures.keys();
    if (this.#pictures.size > this.#max && oldest !== undefined) this.#pictures.delete(oldest);
  }

  get size(): number {
    return this.#pictures.size;
  }

  /** A picture that is kept, by the SHA-256 of its bytes. */
  get(sha256: string): KeptPicture | undefined {
    return this.#pictures.get(sha256);
  }

  /** Rows of one page, the newest first; the first page is 0. */
  page(number: number, length: number): readonly PictureRow[] {
    const end = this.#pictures.size - number * length;
    if (end <= 0) return [];
    const all = [...this.#pictures.values()];
    return all
      .slice(Math.max(0, end - length), end)
      .toReversed()
      .map(({ row }) => row);
  }
}

function rowOf(result: ResultLine, id: string): PictureRow {
  const { url, foundOn, format = '', width, height, bytes = 0 } = result;
  const pixels = width === undefined || height === undefined ? '' : ` ${width}×${height}`;
  return {
    id,
    caption: captionOf(result),
    // An address in the page itself may be megabytes long, and leads nowhere.
    url: shortened(url, 2000),
    page:
      foundOn === undefined
        ? undefined
        : { text: pageText(foundOn), url: shortened(foundOn, 2000) },
    facts: `${shortened(format, 20)}${pixels}, ${formatBytes(bytes)}`,
    isShown: isShown(result) && bytes <= MAX_SHOWN_BYTES,
  };
}

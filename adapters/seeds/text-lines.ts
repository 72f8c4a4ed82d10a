import { MAX_LINE_BYTES } from './max-line-bytes.ts';

/** Where in a list the bytes begin. */
export interface Place {
  readonly line: number;
  readonly byte: number;
}

/** A line as it is; without a text where it is too long. */
export interface RawLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text?: string;
  /** Bytes of the list up to the end of the line. */
  readonly endByte: number;
}

const [LF, CR] = [0x0a, 0x0d];

/** All lines of a text, in portions, whatever ends them: LF, CRLF or CR, mixed too. */
export async function* textLines(
  bytes: AsyncIterable<Buffer>,
  place: Place,
): AsyncGenerator<readonly RawLine[]> {
  const lines = new LineCutter(place);
  for await (const chunk of bytes) yield lines.take(chunk);
  yield lines.end();
}

class LineCutter {
  #line: number;
  #byte: number;
  #rest: Buffer = Buffer.alloc(0);
  #skipping = false;

  constructor({ line, byte }: Place) {
    this.#line = line;
    this.#byte = byte;
  }

  take(chunk: Buffer): readonly RawLine[] {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const lines: RawLine[] = [];
    let start = 0;
    for (const { end, next } of lineEnds(data, false)) {
      lines.push(this.#toLine(data.subarray(start, end), next - start));
      start = next;
    }
    this.#rest = data.subarray(start);
    // A CR at its end stays: it may be half of a line end.
    const long = this.#rest.length - (this.#rest.at(-1) === CR ? 1 : 0);
    if (long > MAX_LINE_BYTES) {
      this.#byte += long;
      this.#rest = this.#rest.subarray(long);
      this.#skipping = true;
    }
    return lines;
  }

  end(): readonly RawLine[] {
    const lines: RawLine[] = [];
    let start = 0;
    for (const { end, next } of lineEnds(this.#rest, true)) {
      lines.push(this.#toLine(this.#rest.subarray(start, end), next - start));
      start = next;
    }
    const last = this.#rest.subarray(start);
    if (last.length > 0 || this.#skipping) lines.push(this.#toLine(last, last.length));
    return lines;
  }

  #toLine(content: Buffer, length: number): RawLine {
    this.#line += 1;
    this.#byte += length;
    const isLong = this.#skipping || content.length > MAX_LINE_BYTES;
    this.#skipping = false;
    const text = isLong ? undefined : content.toString('utf8');
    return { line: this.#line, text, endByte: this.#byte };
  }
}

/** Where lines end and the next ones begin. Each kind of end is looked for once, not for each line. */
function* lineEnds(data: Buffer, isLast: boolean) {
  let lf = data.indexOf(LF);
  let cr = data.indexOf(CR);
  for (;;) {
    const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr;
    if (end === -1) return;
    if (end === cr && cr + 1 === data.length && !isLast) return;
    const next = end === cr && data[cr + 1] === LF ? cr + 2 : end + 1;
    yield { end, next };
    if (lf !== -1 && lf < next) lf = data.indexOf(LF, next);
    if (cr !== -1 && cr < next) cr = data.indexOf(CR, next);
  }
}

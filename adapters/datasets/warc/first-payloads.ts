import { type DataSetLine, isKept } from '../data-set-line.ts';

/** The first exchange that brought a payload. */
export interface FirstPayload {
  readonly url: string;
  readonly date: string;
}

/**
 * Knows of payloads that came more than once which exchange brought them first. Of the others it
 * remembers 48 bits only, in a first pass over all lines.
 */
export class FirstPayloads {
  readonly #repeated: ReadonlySet<number>;
  readonly #first = new Map<string, FirstPayload>();

  private constructor(repeated: ReadonlySet<number>) {
    this.#repeated = repeated;
  }

  static async among(lines: AsyncIterable<DataSetLine>): Promise<FirstPayloads> {
    const seen = new Set<number>();
    const repeated = new Set<number>();
    for await (const line of lines) {
      if (!isKept(line)) continue;
      const number = numberOf(line.sha256);
      if (seen.has(number)) repeated.add(number);
      seen.add(number);
    }
    return new FirstPayloads(repeated);
  }

  /** What brought this payload before; undefined where this is the first time. */
  meet(sha256: string, now: FirstPayload): FirstPayload | undefined {
    if (!this.#repeated.has(numberOf(sha256))) return undefined;
    const first = this.#first.get(sha256);
    if (first === undefined) this.#first.set(sha256, now);
    return first;
  }
}

function numberOf(sha256: string): number {
  return Number.parseInt(sha256.slice(0, 12), 16);
}

/** Pictures that are told apart: beyond, those that are new are taken for known ones. */
const MAX_PICTURES = 5_000_000;

/** Which pictures were met before, by 48 bits of their hashes: some 40 bytes for each. */
export class DistinctPictures {
  readonly #known = new Set<number>();

  get size(): number {
    return this.#known.size;
  }

  /** Takes the SHA-256 of a picture in hexadecimal; whether it is the first one of it. */
  add(sha256: string): boolean {
    const before = this.#known.size;
    if (before < MAX_PICTURES) this.#known.add(Number.parseInt(sha256.slice(0, 12), 16));
    return this.#known.size > before;
  }
}

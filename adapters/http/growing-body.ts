/** Room that is taken for a second piece, in bytes; it doubles from there. */
const FIRST_ROOM = 256 * 1024;

/**
 * A body as it comes. Written into one buffer where it comes in pieces, so that it is never in
 * memory twice; a short one is often a single piece, and that is kept as it is.
 */
export class GrowingBody {
  readonly #announced: number;
  #first: Buffer | undefined;
  #room: Buffer<ArrayBuffer> | undefined;
  #length = 0;

  /**
   * `announced` is what the host said, in bytes. No room is taken because of it, only not more: a
   * host may lie, and a system with large pages gives two megabytes for the first byte.
   */
  constructor(announced: number) {
    this.#announced = Number.isFinite(announced) ? Math.max(0, announced) : 0;
  }

  push(piece: Buffer): void {
    if (this.#first === undefined) {
      this.#first = piece;
      this.#length = piece.length;
      return;
    }
    const room = this.#roomFor(this.#length + piece.length);
    piece.copy(room, this.#length);
    this.#length += piece.length;
  }

  whole(): Buffer {
    if (this.#first === undefined) return Buffer.alloc(0);
    return this.#room?.subarray(0, this.#length) ?? this.#first;
  }

  /** Gives the memory back at once: a collector that waits for more garbage would hold many bodies. */
  free(): void {
    this.#room?.buffer.transfer(0);
    this.#room = undefined;
    this.#first = undefined;
  }

  #roomFor(length: number): Buffer {
    const old = this.#room;
    if (old !== undefined && old.length >= length) return old;
    const generous = Math.max(2 * (old?.length ?? 0), FIRST_ROOM);
    const wanted = this.#announced >= length ? Math.min(generous, this.#announced) : generous;
    const room = Buffer.allocUnsafeSlow(Math.max(length, wanted));
    (old ?? this.#first)?.copy(room, 0, 0, this.#length);
    old?.buffer.transfer(0);
    this.#room = room;
    return room;
  }
}

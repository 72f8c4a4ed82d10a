import type { AsyncBuffer } from 'hyparquet';

/**
 * Bytes of a list, and what could not be had of them: the reader of Parquet throws for bytes that are damaged and for
 * bytes that do not come, and only the first is the fault of the list.
 */
export class WatchedBytes implements AsyncBuffer {
  readonly byteLength: number;
  readonly #file: AsyncBuffer;
  #lost: { readonly error: unknown } | undefined;

  constructor(file: AsyncBuffer) {
    this.#file = file;
    this.byteLength = file.byteLength;
  }

  async slice(start: number, end?: number): Promise<ArrayBuffer> {
    try {
      return await this.#file.slice(start, end);
    } catch (error) {
      this.#lost = { error };
      throw error;
    }
  }

  /** What is wrong with the list where reading it threw. @throws what its bytes could not be had for */
  problemOf(error: unknown): string {
    if (this.#lost !== undefined) throw this.#lost.error;
    // Messages of these errors are about the code of the parser and not about the file.
    const isAccident = error instanceof TypeError || error instanceof RangeError;
    return error instanceof Error && !isAccident ? error.message : 'its bytes make no sense';
  }
}

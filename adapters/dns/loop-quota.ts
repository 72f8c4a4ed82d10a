import { setImmediate } from 'node:timers/promises';

/** Lets a limited number of pieces of work begin in each turn of the event loop. */
export class LoopQuota {
  readonly #perTurn: number;
  #left: number;
  #nextTurn: Promise<void> | undefined;

  constructor(perTurn: number) {
    this.#perTurn = perTurn;
    this.#left = perTurn;
  }

  /** Resolves once a piece of work may begin. */
  async take(): Promise<void> {
    for (;;) {
      this.#nextTurn ??= setImmediate().then(() => {
        this.#left = this.#perTurn;
        this.#nextTurn = undefined;
      });
      if (this.#left > 0) break;
      await this.#nextTurn;
    }
    this.#left -= 1;
  }
}

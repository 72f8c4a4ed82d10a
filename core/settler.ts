import type { Clock } from './ports/clock.ts';
import type { ResultLedger } from './ports/ledger.ts';
import type { SettledResult } from './result.ts';

/** Most items of a BatchWriteItem. */
const BATCH = 25;
/** A result waits for company at most this long, in milliseconds. */
const LINGER_MS = 1000;
/** The last ones of a task wait at most this long where others may fill their batch, in milliseconds. */
const HURRY_MS = 100;

interface Pending {
  readonly result: SettledResult;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Settles results in batches as they arrive: full ones at once, others after a second. */
export class Settler {
  readonly #ledger: ResultLedger;
  readonly #clock: Clock;
  #pending: Pending[] = [];
  #lingering = false;

  constructor(ledger: ResultLedger, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** Resolves when the result is kept. */
  settle(result: SettledResult): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ result, resolve, reject });
      if (this.#pending.length >= BATCH) this.flush();
      else this.#linger();
    });
  }

  /** Writes what waits soon, with what comes meanwhile: a batch of 25 costs little more than one of 5. */
  flushSoon(): void {
    const [oldest] = this.#pending;
    if (oldest === undefined) return;
    void this.#clock.sleep(HURRY_MS).then(() => {
      if (this.#pending[0] === oldest) this.flush();
    });
  }

  /** Writes what waits, now. */
  flush(): void {
    const batch = this.#pending;
    this.#pending = [];
    for (let at = 0; at < batch.length; at += BATCH) this.#write(batch.slice(at, at + BATCH));
  }

  #write(batch: readonly Pending[]): void {
    this.#ledger.settle(batch.map(({ result }) => result)).then(
      () => {
        for (const { resolve } of batch) resolve();
      },
      (error) => {
        for (const { reject } of batch) reject(error);
      },
    );
  }

  #linger(): void {
    if (this.#lingering) return;
    this.#lingering = true;
    void this.#clock.sleep(LINGER_MS).then(() => {
      this.#lingering = false;
      this.flush();
    });
  }
}

import type { Clock } from '../../core/ports/clock.ts';

/** Rounds of a batch before the rest is given up, about twelve seconds in all. */
const MAX_ROUNDS = 8;

/** AWS took only a part of a batch, again and again. */
export class BatchIncompleteError extends Error {
  override readonly name = 'BatchIncompleteError';
}

/**
 * Sends a batch until nothing is left of it. `send` gives back what was not taken (throttled or
 * unprocessed). @throws BatchIncompleteError after about twelve seconds.
 */
export async function untilTaken<T>(
  all: readonly T[],
  clock: Clock,
  send: (rest: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  let rest = all;
  for (let round = 0; rest.length > 0; ) {
    if (round === MAX_ROUNDS) {
      throw new BatchIncompleteError(`${rest.length} of ${all.length} not taken by AWS`);
    }
    if (round > 0) await clock.sleep(50 * 2 ** round);
    const next = await send(rest);
    // An answer that is full leaves a rest, too: only rounds in which nothing was taken are failures.
    round = next.length < rest.length ? 0 : round + 1;
    rest = next;
  }
}

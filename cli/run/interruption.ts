import { EXIT } from '../exit-code.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** One Ctrl-C arrives twice under npm, which passes on what the terminal sent to all already. */
const SAME_MS = 200;

/** A person's wish to stop, while it is listened for. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Signals end the process again, as they do by themselves. */
  dispose(): void;
}

/**
 * The first SIGINT or SIGTERM aborts the signal, the second one ends the process at once; `onSecond`
 * says what has to be said before.
 */
export function listenForInterruption(
  onSecond: () => void = () => {},
  now: () => number = () => performance.now(),
): Interruption {
  const controller = new AbortController();
  let firstMs = Number.POSITIVE_INFINITY;
  const onSignal = () => {
    if (now() - firstMs > SAME_MS) {
      onSecond();
      process.exit(EXIT.interrupted);
    }
    firstMs = Math.min(firstMs, now());
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const dispose = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  return { signal: controller.signal, dispose };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../core/ports/clock.ts';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // Keeps the process alive: Lambda ends an invocation whose event loop has run empty.
  sleep: (ms) => sleep(ms),
};

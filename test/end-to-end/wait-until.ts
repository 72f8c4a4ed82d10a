import { setTimeout as sleep } from 'node:timers/promises';

/** How often is looked, in milliseconds. */
const LOOK_MS = 20;

/** Waits for what another process does. Throws after `withinMs` milliseconds. */
export async function waitUntil(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs = 30_000,
): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > untilMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(LOOK_MS);
  }
}

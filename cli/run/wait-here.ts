import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so long, in milliseconds of this machine, or until the signal: an abort is not an error. */
export async function waitHere(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** Longest first wait, in milliseconds. */
const BASE_MS = 2000;
/** No wait of ours is longer, in milliseconds. */
export const MAX_BACK_OFF_MS = 15 * 60 * 1000;

/**
 * How long to wait before try number `tries + 1`, in milliseconds: exponential with full jitter
 * under one cap, so that those who wait do not come back together. A host that names its own time
 * is taken at its word, up to the same cap.
 */
export function backOffMs(tries: number, random: number, retryAfterMs = 0): number {
  const step = Math.min(MAX_BACK_OFF_MS, BASE_MS * 2 ** Math.max(0, tries - 1));
  return Math.min(MAX_BACK_OFF_MS, Math.max(Math.ceil(step * random), retryAfterMs));
}

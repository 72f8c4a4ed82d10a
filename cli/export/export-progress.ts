import { formatCount } from '../options/quantities.ts';
import type { Screen } from '../output/screen.ts';

/** How often the line of progress is drawn, in lines. */
const STEP = 1000;

/** Counts steps of an export on the line of progress. The step throws when the signal is aborted. */
export function exportProgress(screen: Screen, what: string, signal?: AbortSignal): () => void {
  let count = 0;
  return () => {
    signal?.throwIfAborted();
    if (count % STEP === 0) screen.progress(`exporting: ${formatCount(count)} ${what}`);
    count += 1;
  };
}

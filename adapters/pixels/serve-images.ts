import { OUT_OF_MEMORY, orderOf, type Reply } from './process-messages.ts';
import { workImage } from './work-image.ts';

/** How often the memory of the process is looked at, in milliseconds: pixels come at 100 MB in that time. */
const LOOK_MS = 25;

/** Serves the other end of an `ImageProcess`: works on images until the worker is gone. */
export function serveImages(maxMemoryMb: number): void {
  process.on('message', (message) => void serve(message));
  process.once('disconnect', () => process.exit(0));
  // Decoders work in threads of their own, so that this one is free to look.
  setInterval(() => {
    if (process.memoryUsage.rss() > maxMemoryMb * 1e6) process.exit(OUT_OF_MEMORY);
  }, LOOK_MS).unref();
  answer({ kind: 'ready' });
}

async function serve(message: unknown): Promise<void> {
  const { id, image } = orderOf(message);
  try {
    answer({ kind: 'done', id, end: await workImage(image) });
  } catch (error) {
    answer({ kind: 'broken', id, message: String(error) });
  }
}

function answer(reply: Reply): void {
  process.send?.(reply);
}

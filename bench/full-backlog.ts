import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A connection that the kernel would make takes microseconds; this one hangs. */
const HANGS_AFTER_MS = 500;
/** More than any kernel makes of a backlog of 1. */
const MAX_FILLERS = 16;

/**
 * Listens on the addresses so that every further connection attempt hangs: the accept queue of each
 * is full, and Linux then drops SYN packets. Resolves when that has been seen at each address.
 */
export async function listenWithFullBacklog(addresses: readonly string[], port: number) {
  if (addresses.length === 0) return;
  const thread = new Worker(new URL('./full-backlog-thread.ts', import.meta.url), {
    workerData: { addresses, port },
  });
  await once(thread, 'message');
  await Promise.all(addresses.map((address) => fill(address, port)));
}

async function fill(address: string, port: number): Promise<void> {
  for (let fillers = 0; fillers < MAX_FILLERS; fillers += 1) {
    // A filler stays open as long as this process: a socket that was not closed is not collected.
    const filler = connect({ host: address, port });
    filler.on('error', () => {});
    if (await hangs(filler)) {
      filler.destroy();
      return;
    }
  }
  throw new Error(`${address}:${port} still takes connections after ${MAX_FILLERS}`);
}

async function hangs(socket: Socket): Promise<boolean> {
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(HANGS_AFTER_MS) });
    return false;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return true;
    throw error;
  }
}

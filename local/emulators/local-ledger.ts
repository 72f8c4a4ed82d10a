import { DataDirectory, findLiveStack, readLastOutputs } from '../data-directory.ts';
import type { StackAccess } from '../stack-access.ts';
import { startEmulators } from './emulators.ts';

/** The ledger of a data directory, for reading and for marks like a cancellation. */
export interface LocalLedger extends StackAccess {
  /** Whether a crawl is running on it in another process. */
  readonly live: boolean;
  /** Ids of the runs that the crawl in the other process works on. */
  readonly runs: readonly string[];
  close(): Promise<void>;
}

/**
 * `endpoint` is the server that the runs were made on, where that is not this machine.
 *
 * That of a crawl in another process where one is running, otherwise emulators without its queues.
 * Undefined when nothing ever ran on the directory. @throws DataDirBusyError
 */
export async function openLocalLedger(
  dataDir: string,
  endpoint?: string,
): Promise<LocalLedger | undefined> {
  const live = await findLiveStack(dataDir);
  if (live !== undefined) return { ...live, live: true, close: async () => {} };
  const outputs = readLastOutputs(dataDir, endpoint);
  if (outputs === undefined) return undefined;
  if (endpoint !== undefined) return { ...elsewhere(outputs, endpoint), live: false, runs: [] };
  const directory = await DataDirectory.claim(dataDir).catch(async (error) => {
    // A crawl that was starting has started meanwhile.
    if ((await findLiveStack(dataDir)) === undefined) throw error;
    return undefined;
  });
  if (directory === undefined) return openLocalLedger(dataDir, endpoint);
  const emulators = await startEmulators(dataDir).catch((error) => {
    directory.release();
    throw error;
  });
  const close = async () => {
    await emulators.close();
    directory.release();
  };
  // Only the table is there: whoever asks for more is told by a refused connection, not by AWS.
  return { ...elsewhere(outputs, emulators.url), live: false, runs: [], close };
}

function elsewhere(outputs: LocalLedger['outputs'], url: string) {
  const endpoints = { dynamodb: url, sqs: url, s3: url, lambda: url };
  return { outputs, endpoints, close: async () => {} };
}

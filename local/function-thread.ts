import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';

/** Runs in a worker thread: what Lambda's runtime is to a handler. */
const order = z.object({ module: z.string(), handler: z.string() });
const call = z.object({ event: z.unknown(), deadlineMs: z.number(), requestId: z.string() });

type Handler = (event: unknown, context: object) => Promise<unknown>;

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

const { module, handler: name } = order.parse(workerData);
// Compiled code is kept beside the asset: a thread starts in half the time.
enableCompileCache(join(module, '..', '.compiled'));
const loaded: Record<string, unknown> = await import(pathToFileURL(module).href);
const handler = loaded[name];
if (!isHandler(handler)) throw new Error(`${module} exports no function ${name}`);

parentPort?.on('message', async (message) => {
  const { event, deadlineMs, requestId } = call.parse(message);
  const getRemainingTimeInMillis = () => Math.max(0, deadlineMs - Date.now());
  try {
    const value = await handler(event, { awsRequestId: requestId, getRemainingTimeInMillis });
    parentPort?.postMessage({ kind: 'returned', value });
  } catch (error) {
    console.error(error);
    parentPort?.postMessage({ kind: 'threw', error: String(error) });
  }
});

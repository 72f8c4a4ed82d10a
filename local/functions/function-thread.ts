import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { guardAsset } from './asset-guard.ts';
import { lightenHttp } from './light-http.ts';
import { mapStacks } from './mapped-stacks.ts';
import { feedSettled } from './settled-feed.ts';

/** What a thread is started with, and what it is then sent: all from this process, by `FunctionInstance`. */
interface Order {
  /** Absolute path of the module. */
  readonly module: string;
  /** Name of the export. */
  readonly handler: string;
  /** Whether stack traces name the sources of the module. */
  readonly mapsStacks: boolean;
}

interface Call {
  readonly event: unknown;
  /** Milliseconds since 1970. */
  readonly deadlineMs: number;
  readonly requestId: string;
}

type Handler = (event: unknown, context: object) => Promise<unknown>;

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

// What Lambda's runtime is to a handler. Imports next to nothing: each thread loads it again.
const { module, handler: name, mapsStacks }: Order = workerData;
// Node has read it, and a function's environment is that of the template.
delete process.env['NODE_COMPILE_CACHE'];
lightenHttp();
feedSettled();
if (mapsStacks) mapStacks(dirname(module));
// Processes that the function starts are guarded as well.
const guard = new URL('./guard-process.ts', import.meta.url);
guard.searchParams.set('asset', dirname(module));
process.env['CHILD_NODE_OPTIONS'] = `--import=${guard.href}`;
guardAsset(dirname(module));
const loaded: Record<string, unknown> = await import(pathToFileURL(module).href);
const handler = loaded[name];
if (!isHandler(handler)) throw new Error(`${module} exports no function ${name}`);

parentPort?.on('message', async ({ event, deadlineMs, requestId }: Call) => {
  const getRemainingTimeInMillis = () => Math.max(0, deadlineMs - Date.now());
  try {
    const value = await handler(event, { awsRequestId: requestId, getRemainingTimeInMillis });
    parentPort?.postMessage({ kind: 'returned', value });
  } catch (error) {
    console.error(error);
    parentPort?.postMessage({ kind: 'threw', error: String(error) });
  }
});

/** A thread of full-backlog.ts: listens on its addresses and never accepts. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { addresses, port }: { readonly addresses: readonly string[]; readonly port: number } =
  workerData;
for (const host of addresses) {
  // 0 would mean Node's default of 511.
  const server = createServer().listen({ host, port, backlog: 1 });
  await once(server, 'listening');
}
parentPort?.postMessage('listening');
// The event loop is what accepts: it is stopped permanently.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);

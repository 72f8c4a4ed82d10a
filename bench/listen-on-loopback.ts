import { once } from 'node:events';
import type { Server } from 'node:http';

/**
 * Listens on a free port of a loopback address, or of 127.0.0.1 where the system has no such address.
 * Gives the origin.
 */
export async function listenOnLoopback(server: Server, address: string): Promise<string> {
  try {
    return await listen(server, address);
  } catch (error) {
    // Linux answers for all of 127.0.0.0/8, macOS only for what was configured.
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRNOTAVAIL')) throw error;
    return await listen(server, '127.0.0.1');
  }
}

async function listen(server: Server, host: string): Promise<string> {
  server.listen({ host, port: 0, backlog: 1024 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error(`not a TCP address: ${address}`);
  return `http://${address.address}:${address.port}`;
}

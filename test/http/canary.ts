import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server that must hear nothing: it counts the connections to any address of this machine. */
export interface Canary {
  readonly port: number;
  /** Connections that were opened so far. */
  readonly connections: () => number;
  /** Bytes that came over them. */
  readonly bytes: () => number;
  readonly close: () => Promise<void>;
}

/** Listens on one port of all IPv4 addresses and, where there is IPv6, of all IPv6 ones. */
export async function openCanary(): Promise<Canary> {
  const sockets = new Set<Socket>();
  let bytes = 0;
  const answer = () =>
    createServer((_, response) => void response.end('secret')).on('connection', (socket) => {
      sockets.add(socket);
      socket.on('data', (chunk) => {
        bytes += chunk.length;
      });
      socket.on('error', () => {}); // the fetcher may hang up
    });
  const first = await listen(answer(), 0, '0.0.0.0');
  const { port } = portOf(first);
  const second = await listen(answer(), port, '::').catch(() => undefined);
  const servers = [first, second].filter((server) => server !== undefined);
  return {
    port,
    connections: () => sockets.size,
    bytes: () => bytes,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<Server> {
  return new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen({ port, host, ipv6Only: true }, () => listening(server));
  });
}

function portOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address;
}

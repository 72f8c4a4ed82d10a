import { createServer, type Server, type Socket } from 'node:net';
import { HOSTILE_BEHAVIOURS } from './hostile-behaviours.ts';

/** A server that does to every connection what its path names; robots.txt is honestly not there. */
export class HostileSite {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
  }

  /** Listens at every address of loopback, so that each behaviour has a host of its own. */
  static async start(picture: Buffer): Promise<HostileSite> {
    const server = createServer();
    const port = await new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '0.0.0.0', () => {
        const address = server.address();
        if (address === null || typeof address === 'string') reject(new Error('expected a port'));
        else resolve(address.port);
      });
    });
    const site = new HostileSite(server, port);
    server.on('connection', (socket) => site.#serve(socket, picture));
    return site;
  }

  url(name: string): string {
    const at = HOSTILE_BEHAVIOURS.findIndex((behaviour) => behaviour.name === name);
    return `http://127.7.7.${at + 1}:${this.#port}/${name}`;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#sockets.size;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket, picture: Buffer): void {
    this.#sockets.add(socket);
    socket.on('error', () => {}); // whoever asked may hang up
    socket.once('close', () => this.#sockets.delete(socket));
    const next = () => {
      socket.once('data', (request) => {
        const [, path = ''] = /^GET \/(\S*)/.exec(request.toString('latin1')) ?? [];
        if (!ASKED_OF_A_HOST.has(path)) return act(path, socket, picture);
        socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
        return next();
      });
    };
    next();
  }
}

/** What is asked of each host once: there is none of it here. */
const ASKED_OF_A_HOST: ReadonlySet<string> = new Set(['robots.txt', '.well-known/tdmrep.json']);

function act(path: string, socket: Socket, picture: Buffer): void {
  const behaviour = HOSTILE_BEHAVIOURS.find(({ name }) => name === path);
  if (behaviour === undefined) throw new Error(`no behaviour ${path}`);
  behaviour.act(socket, picture);
}

import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';

/** What a proxy does with a request for a tunnel. */
export type OnConnect = (authority: string, socket: Socket) => void;

/** A proxy on loopback that speaks CONNECT, and what it was asked for. */
export class ProxyServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Authorities that tunnels were wanted to. */
  readonly asked: string[] = [];
  /** `Proxy-Authorization` of each of them. */
  readonly credentials: (string | undefined)[] = [];
  /** Requests that were no CONNECT. */
  others = 0;

  /** Lets every tunnel lead to a port of this machine, whatever it was wanted for. */
  static toPort(port: number): Promise<ProxyServer> {
    return ProxyServer.start((_, socket) => {
      const site = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n');
        site.pipe(socket).pipe(site);
      });
      site.on('error', () => socket.destroy());
      socket.on('close', () => site.destroy());
    });
  }

  /** Answers every request for a tunnel with a text, and ends. */
  static saying(text: string): Promise<ProxyServer> {
    return ProxyServer.start((_, socket) => void socket.end(text));
  }

  static async start(onConnect: OnConnect): Promise<ProxyServer> {
    const proxy = new ProxyServer(onConnect);
    await new Promise<void>((listening) => proxy.#server.listen(0, '127.0.0.1', listening));
    return proxy;
  }

  private constructor(onConnect: OnConnect) {
    this.#server = createServer((_, response) => {
      this.others += 1;
      response.writeHead(400).end();
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}); // the fetcher may hang up
    });
    this.#server.on('connect', ({ url = '', headers }, socket: Socket) => {
      this.asked.push(url);
      this.credentials.push(headers['proxy-authorization']);
      onConnect(url, socket);
    });
  }

  /** `host:port`. */
  get authority(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('expected a port');
    return `127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}

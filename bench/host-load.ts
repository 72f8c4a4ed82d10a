import type { Server, ServerResponse } from 'node:http';

/** What one host of the picture server had to bear. */
export class HostLoad {
  /** Pictures sent. */
  requests = 0;
  /** Bytes of their bodies. */
  bytes = 0;
  /** The most requests under way at once. Few, as an answer is over when the system has its bytes. */
  maxSimultaneous = 0;
  /** The most connections open at once: what a client allowed itself. */
  maxConnections = 0;
  #simultaneous = 0;
  #connections = 0;
  readonly #leave = (): void => {
    this.#simultaneous -= 1;
  };

  /** Counts a picture of so many bytes from now until its answer is over. */
  enter(response: ServerResponse, bytes: number): void {
    this.requests += 1;
    this.bytes += bytes;
    this.#simultaneous += 1;
    this.maxSimultaneous = Math.max(this.maxSimultaneous, this.#simultaneous);
    response.once('close', this.#leave);
  }

  /** Counts the connections of this server from now on. */
  watch(server: Server): void {
    server.on('connection', (socket) => {
      this.#connections += 1;
      this.maxConnections = Math.max(this.maxConnections, this.#connections);
      socket.once('close', () => {
        this.#connections -= 1;
      });
    });
  }
}

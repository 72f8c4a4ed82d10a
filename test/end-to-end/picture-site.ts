import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { listenOnLoopback } from '../../bench/listen-on-loopback.ts';
import { type FindPicture, readyPictures } from '../../bench/ready-pictures.ts';

/** A request as the server saw it. */
export interface Seen {
  /** As the client spelled it. */
  readonly path: string;
  readonly url: string;
  readonly atMs: number;
}

/** Answers what is no picture of the site; false when it has no answer either. */
export type Answer = (path: string, response: ServerResponse) => boolean;

export interface SiteOptions {
  /** Pictures that differ, at `/img/000000.jpg` and on. */
  readonly pictures: number;
  /** How long each answer takes at first, in milliseconds. */
  readonly slowMs?: number;
  /** Ports, each a host of its own for a crawler. */
  readonly hosts?: number;
  readonly answer?: Answer;
}

/** Files in which a site tells its rules. */
const ONCE: ReadonlySet<string> = new Set(['/robots.txt', '/.well-known/tdmrep.json']);

/** Pictures on some hosts of loopback, and a log of what was asked; closed when the test ends. */
export class PictureSite {
  /** In the order of arrival. */
  seen: Seen[] = [];
  /** The most requests under way at once. */
  maxSimultaneous = 0;
  /** The most of them to one host. */
  maxAtOneHost = 0;
  origins: readonly string[] = [];
  /** How long each answer takes, in milliseconds. */
  slowMs: number;
  #simultaneous = 0;
  readonly #atHost = new Map<string | undefined, number>();
  readonly #find: FindPicture;
  readonly #options: SiteOptions;

  constructor(find: FindPicture, options: SiteOptions) {
    this.#find = find;
    this.#options = options;
    this.slowMs = options.slowMs ?? 0;
  }

  /** The URLs that were asked for, what a site is asked once left aside. */
  get asked(): readonly string[] {
    return this.seen.filter(({ path }) => !ONCE.has(path)).map(({ url }) => url);
  }

  async listen(): Promise<void> {
    const servers = Array.from({ length: this.#options.hosts ?? 1 }, () =>
      createServer((request, response) => this.#serve(request, response)),
    );
    onTestFinished(() => closeAll(servers));
    this.origins = await Promise.all(servers.map((one) => listenOnLoopback(one, '127.0.0.1')));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    this.seen.push({ path, url: `http://${request.headers.host}${path}`, atMs: performance.now() });
    this.#simultaneous += 1;
    this.maxSimultaneous = Math.max(this.maxSimultaneous, this.#simultaneous);
    const { host } = request.headers;
    const atHost = (this.#atHost.get(host) ?? 0) + 1;
    this.#atHost.set(host, atHost);
    this.maxAtOneHost = Math.max(this.maxAtOneHost, atHost);
    response.once('close', () => {
      this.#simultaneous -= 1;
      this.#atHost.set(host, (this.#atHost.get(host) ?? 0) - 1);
    });
    await sleep(this.slowMs);
    if (this.#options.answer?.(path, response)) return;
    const picture = this.#find(path);
    if (picture === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'Content-Type': picture.contentType }).end(picture.bytes);
  }
}

/** A site that listens. */
export async function startPictureSite(options: SiteOptions): Promise<PictureSite> {
  const site = new PictureSite(await readyPictures(options.pictures), options);
  await site.listen();
  return site;
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mediaTypeOf } from '../report/shown-formats.ts';
import type { OpenPicture } from './picture-files.ts';
import type { PictureRing } from './picture-ring.ts';
import { PICTURES } from './state-of.ts';
import type { WatchHub } from './watch-hub.ts';
import { PAGE_POLICY, watchPage } from './watch-page.ts';
import type { WatchState } from './watch-state.ts';

/** Viewers at once: each holds a connection open. */
const MAX_VIEWERS = 20;
/** A connection that says nothing is taken for dead by what lies between, in milliseconds. */
const KEEP_ALIVE_MS = 15_000;

/** Names under which this machine calls itself: a page of another name must not read ours. */
const OWN_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

const EVERY_ANSWER = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
} as const;

/** A picture is shown by an `img` only; opened by itself, an SVG runs nothing and loads nothing. */
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** What the server shows. */
export interface WatchServerOptions {
  readonly hub: WatchHub<WatchState>;
  readonly pictures: () => PictureRing;
  readonly openPicture: OpenPicture;
  /** 0 for any that is free. */
  readonly port: number;
}

/** The page of a run on loopback. */
export interface WatchServer {
  readonly url: string;
  /** Tells viewers that there will be no more, and closes all. */
  close(): Promise<void>;
}

/** Serves the page on loopback. Rejects when the port is taken. */
export async function startWatchServer(options: WatchServerOptions): Promise<WatchServer> {
  const viewers = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(EVERY_ANSWER)) response.setHeader(name, value);
    answer(request, response, options, viewers).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'the run cannot be read at present');
    });
  });
  await listen(server, options.port);
  const close = () => {
    for (const viewer of viewers) viewer.end('event: end\ndata: \n\n');
    viewers.clear();
    return new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
      // What was just written is sent first; whoever does not read it is not waited for.
      setTimeout(() => server.closeAllConnections(), 200);
    });
  };
  return { url: `http://127.0.0.1:${portOf(server)}/`, close };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { hub, pictures, openPicture }: WatchServerOptions,
  viewers: Set<ServerResponse>,
): Promise<void> {
  const problem = problemOf(request);
  if (problem !== undefined) return refuse(response, problem.status, problem.text);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (pathname === '/') return sendPage(response, await hub.state());
  if (pathname === '/events') {
    if (viewers.size >= MAX_VIEWERS) return refuse(response, 503, 'too many viewers');
    return sendEvents(response, hub, viewers);
  }
  if (pathname === '/pictures') {
    const page = Number(searchParams.get('page'));
    if (!Number.isSafeInteger(page) || page < 0) return refuse(response, 400, 'expected a page');
    return sendJson(response, JSON.stringify(pictures().page(page, PICTURES)));
  }
  const [, id = ''] = /^\/picture\/([0-9a-f]{64})$/.exec(pathname) ?? [];
  return sendPicture(response, pictures().get(id), openPicture);
}

/** Why a request is refused before anything is looked at. */
export function problemOf({
  method,
  headers,
  url = '/',
}: Pick<IncomingMessage, 'method' | 'headers' | 'url'>):
  | { readonly status: number; readonly text: string }
  | undefined {
  // A name that leads here by its DNS makes a page of strangers one of the same origin.
  const name = URL.parse(`http://${headers.host ?? ''}`)?.hostname ?? '';
  if (!OWN_NAMES.has(name)) return { status: 421, text: 'not a name of this machine' };
  if (method !== 'GET') return { status: 405, text: 'only GET' };
  if (!url.startsWith('/')) return { status: 400, text: 'expected a path' };
  const site = headers['sec-fetch-site'];
  const isOwn = site === undefined || site === 'same-origin' || site === 'none';
  if (!isOwn && url !== '/') return { status: 403, text: 'not for other sites' };
  return undefined;
}

function sendPage(response: ServerResponse, state: WatchState): void {
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': PAGE_POLICY,
    'Cache-Control': 'no-store',
  });
  response.end(watchPage(state));
}

function sendJson(response: ServerResponse, json: string): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(json);
}

function sendEvents(
  response: ServerResponse,
  hub: WatchHub<WatchState>,
  viewers: Set<ServerResponse>,
): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write('retry: 2000\n\n');
  let last = '';
  const viewer = hub.join((state) => {
    const data = JSON.stringify(state);
    // Whoever reads too slowly misses states, and costs no memory.
    if (data === last || response.writableNeedDrain || response.writableEnded) return;
    last = data;
    response.write(`data: ${data}\n\n`);
  });
  const alive = setInterval(() => {
    if (!response.writableEnded) response.write(':\n\n');
  }, KEEP_ALIVE_MS).unref();
  viewers.add(response);
  response.on('close', () => {
    clearInterval(alive);
    viewers.delete(response);
    viewer[Symbol.dispose]();
  });
}

async function sendPicture(
  response: ServerResponse,
  picture: ReturnType<PictureRing['get']>,
  openPicture: OpenPicture,
): Promise<void> {
  const mediaType = mediaTypeOf(picture?.format ?? '');
  if (picture === undefined || mediaType === undefined) return refuse(response, 404, 'not here');
  const body = await openPicture(picture);
  if (body === undefined) return refuse(response, 404, 'not here');
  response.writeHead(200, {
    'Content-Type': mediaType,
    'Content-Length': body.byteLength,
    'Content-Security-Policy': PICTURE_POLICY,
    // Named by its hash: it never changes.
    'Cache-Control': 'private, max-age=86400, immutable',
  });
  response.end(body);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address: string | AddressInfo | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

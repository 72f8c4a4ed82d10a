import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type DemoHandler, demoHandler, sendMissing } from './demo-handler.ts';
import { DEMO_ROUTES, troubleUrls, tutorialUrls } from './demo-routes.ts';

/** A site on loopback to crawl: `tutorial` are ten pictures, `trouble` is what else a site can do. */
export interface DemoSite {
  readonly origin: string;
  readonly tutorial: readonly string[];
  readonly trouble: readonly string[];
  close(): Promise<void>;
}

interface DemoSiteOptions {
  /** How long the slow picture keeps its reader waiting, in milliseconds. */
  readonly slowMs?: number;
}

/** Longer than a back-off of a crawl, so that its connections outlive one, in milliseconds. */
const KEEP_ALIVE_MS = 30_000;

/** Serves the demo site on a free port of 127.0.0.1 until it is closed. */
export async function serveDemoSite({ slowMs = 1500 }: DemoSiteOptions = {}): Promise<DemoSite> {
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS },
    listener(await handlers(slowMs)),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = originOf(server);
  return {
    origin,
    tutorial: tutorialUrls(origin),
    trouble: troubleUrls(origin),
    close: () => close(server),
  };
}

async function handlers(slowMs: number): Promise<ReadonlyMap<string, DemoHandler>> {
  const entries = Object.entries(DEMO_ROUTES).map(
    async ([path, behaviour]) => [path, await demoHandler(behaviour, slowMs)] as const,
  );
  return new Map(await Promise.all(entries));
}

function listener(routes: ReadonlyMap<string, DemoHandler>): RequestListener {
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD', 'Content-Length': 0 }).end();
      return;
    }
    const [path = ''] = (request.url ?? '').split('?');
    const handler = routes.get(path) ?? sendMissing;
    handler(response);
  };
}

function originOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error(`not a TCP address: ${address}`);
  return `http://${address.address}:${address.port}`;
}

/** Connections that are kept alive would hold a server open for as long as they are kept. */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/**
 * `node bench/picture-server.ts COUNT [PAGES]`: serves COUNT distinct pictures from eight hosts on
 * loopback, picture i from host i mod 8, and PAGES pages that show them from the first. Prints one line of JSON when it is ready and ends with its standard
 * input. `GET /stats` of any host tells what was asked of all of them.
 */
import { createServer, type ServerResponse } from 'node:http';
import { HostLoad } from './host-load.ts';
import { listenOnLoopback } from './listen-on-loopback.ts';
import { type FindPicture, readyPictures } from './ready-pictures.ts';
import { sitePage } from './site-page.ts';

const HOSTS = 8;

/** So long that a client between two runs of a bench finds its connections open, in milliseconds. */
const KEEP_ALIVE_MS = 600_000;

const count = Number(process.argv[2]);
if (!Number.isInteger(count) || count < 1) {
  console.error(`COUNT: expected a whole number above 0, got ${process.argv[2] ?? 'nothing'}`);
  process.exit(2);
}

const pages = Number(process.argv[3] ?? 0);
const origins: string[] = [];

const find = await readyPictures(count);
const loads = Array.from({ length: HOSTS }, () => new HostLoad());
for (const [host, load] of loads.entries())
  origins.push(await serve(find, load, `127.0.0.${host + 1}`));
console.log(JSON.stringify({ origins, count }));
process.stdin.on('end', () => process.exit(0)).resume();

function serve(findPicture: FindPicture, load: HostLoad, address: string): Promise<string> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const path = request.url ?? '/';
    const picture = findPicture(path);
    if (picture === undefined) return sendOther(response, path);
    const { bytes, contentType } = picture;
    const etag = `"${path}"`;
    const isSame = request.headers['if-none-match'] === etag;
    load.enter(response, isSame ? 0 : bytes.length);
    if (isSame) return response.writeHead(304, ['ETag', etag]).end();
    const head = [
      'Content-Type',
      contentType,
      'Content-Length',
      String(bytes.length),
      'ETag',
      etag,
    ];
    response.writeHead(200, head);
    response.end(bytes);
  });
  load.watch(server);
  return listenOnLoopback(server, address);
}

function sendOther(response: ServerResponse, path: string): void {
  if (path === '/stats') send(response, 'application/json', JSON.stringify(stats()));
  else if (path === '/robots.txt') send(response, 'text/plain', 'User-agent: *\nAllow: /\n');
  else {
    const page = sitePage(path, { pages, images: count, origins });
    if (page === undefined) response.writeHead(404).end();
    else send(response, 'text/html', page);
  }
}

function send(response: ServerResponse, contentType: string, body: string): void {
  response.setHeader('Content-Type', contentType);
  response.end(body);
}

/** Sums over the hosts, and one number a host where a sum would say nothing. */
function stats() {
  const { user, system } = process.cpuUsage();
  return {
    requests: loads.reduce((sum, load) => sum + load.requests, 0),
    bytes: loads.reduce((sum, load) => sum + load.bytes, 0),
    maxSimultaneous: loads.map((load) => load.maxSimultaneous),
    maxConnections: loads.map((load) => load.maxConnections),
    cpuSeconds: (user + system) / 1e6,
  };
}

import { readdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { listenOnLoopback } from '../../bench/listen-on-loopback.ts';
import { bytes, EOI, frame, SCAN, SOI, segment } from '../image/build.ts';
import { freshHome } from './crawl-process.ts';
import { parseSummary, readResults } from './run-output.ts';

const XMP =
  'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ' +
  'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ' +
  'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" ' +
  'plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING"/></rdf:RDF></x:xmpmeta>';

/** A picture of that height, with this metadata. */
function jpeg(height: number, ...metadata: readonly Uint8Array[]): Buffer {
  return bytes(SOI, ...metadata, frame(0xc0, 8, height), SCAN, EOI);
}

const ROBOTS = 'User-agent: *\nAllow: /\nContent-Usage: /by-robots train-ai=n\n';
const FILES: Readonly<Record<string, Buffer | string>> = {
  '/robots.txt': ROBOTS,
  '/.well-known/tdmrep.json': JSON.stringify([{ location: '/by-tdmrep', 'tdm-reservation': 1 }]),
  '/free.jpg': jpeg(1),
  '/by-robots.jpg': jpeg(2),
  '/by-file.jpg': jpeg(3, segment(0xe1, bytes(XMP))),
};
/** Heads whose bodies go on without end: only who does not want them comes to an end in time. */
const ENDLESS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/by-header.jpg': { 'Content-Usage': 'train-ai=n' },
  '/by-tag.jpg': { 'X-Robots-Tag': 'noai' },
  '/by-tdmrep.jpg': {},
};

interface Site {
  readonly origin: string;
  /** Begins a new log. */
  readonly forget: () => void;
  readonly asked: string[];
  /** Bytes of bodies that were read before the crawler left, by path. */
  readonly sent: Map<string, number>;
}

async function startSite(): Promise<Site> {
  const asked: string[] = [];
  const sent = new Map<string, number>();
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/';
    asked.push(path);
    const endless = ENDLESS[path];
    const file = FILES[path];
    if (endless !== undefined) {
      response.writeHead(200, { 'Content-Type': 'image/jpeg', ...endless });
      response.flushHeaders();
      for (let piece = 0; piece < 40 && !response.destroyed; piece += 1) {
        await sleep(25);
        sent.set(path, (sent.get(path) ?? 0) + 1);
        response.write('x');
      }
      response.end();
    } else if (path === '/priced.jpg') {
      response.writeHead(402, { 'crawler-price': 'USD 0.01' }).end();
    } else if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200).end(file);
  };
  const server = createServer((request, response) => void serve(request, response));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const forget = () => {
    asked.length = 0;
    sent.clear();
  };
  return { origin: await listenOnLoopback(server, '127.0.0.1'), asked, sent, forget };
}

const PATHS = ['free', 'by-robots', 'by-header', 'by-tag', 'by-tdmrep', 'by-file', 'priced'];

async function crawl(site: Site, ...more: readonly string[]) {
  const home = await freshHome();
  const urls = PATHS.map((name) => `${site.origin}/${name}.jpg`);
  await writeFile(home.path('list.txt'), urls.join('\n'));
  const flags = ['--out', 'out', '--allow-private', '--attempts', '1', '--json'];
  const ended = await home.crawl('run', 'list.txt', ...flags, ...more);
  const results = await readResults(home.path('out', 'results.jsonl'));
  const ends = Object.fromEntries(
    results.map(({ url, reason }) => [url.slice(site.origin.length + 1, -4), reason]),
  );
  const audited = await home.crawl('audit', parseSummary(ended).runId, '--json');
  const told = await home.crawl('audit', parseSummary(ended).runId);
  const rightsOf = (name: string) =>
    results.find(({ url }) => url.endsWith(`/${name}.jpg`))?.rights;
  const { stdout } = audited;
  return {
    home,
    results,
    ends,
    audit: audit.parse(JSON.parse(stdout)),
    told: told.stdout,
    rightsOf,
  };
}

const count = z.int().min(0);
const audit = z.object({
  purposes: z.array(z.string()),
  kept: count,
  keptWithStatements: count,
  reserved: count,
  optedOut: count,
  paymentRequired: count,
  sums: z.array(z.record(z.string(), z.unknown())),
  evidence: z.array(z.object({ where: z.string(), value: z.string(), url: z.url(), kept: count })),
});

test('what is reserved is not asked for, not read or not kept; for narrower purposes it is, with the same evidence', {
  timeout: 90_000,
}, async () => {
  const site = await startSite();
  const run = await crawl(site, '--tdmrep');

  expect(run.ends).toEqual({
    free: null,
    'by-robots': 'reserved',
    'by-header': 'reserved',
    'by-tag': 'opted-out',
    'by-tdmrep': 'reserved',
    'by-file': 'reserved',
    priced: 'payment-required',
  });
  expect(site.asked).not.toContain('/by-robots.jpg');
  expect(site.asked.filter((path) => path === '/.well-known/tdmrep.json')).toHaveLength(1);
  // The crawler left each of them long before its end.
  for (const path of Object.keys(ENDLESS)) expect(site.sent.get(path) ?? 0).toBeLessThan(40);
  const stored = await readdir(run.home.path('out', 'images'), { recursive: true });
  expect(stored.filter((name) => name.endsWith('.jpg'))).toHaveLength(1);
  expect(run.results.find(({ reason }) => reason === 'payment-required')).toMatchObject({
    status: 'skipped',
    detail: 'crawler-price: USD 0.01',
  });
  expect(run.audit).toMatchObject({
    kept: 1,
    keptWithStatements: 0,
    reserved: 4,
    optedOut: 1,
    paymentRequired: 1,
  });
  expect(run.audit.evidence.map(({ where }) => where).toSorted()).toEqual([
    'header',
    'header',
    'image',
    'robots.txt',
    'tdmrep.json',
  ]);
  expect(run.told).toMatch(/content-usage +train +reserved +0 +2/);

  const strict = run;
  site.forget();
  const narrow = await crawl(site, '--purpose', 'search');

  expect(narrow.ends).toMatchObject({ free: null, 'by-robots': null, 'by-file': null });
  expect(site.asked).not.toContain('/.well-known/tdmrep.json');
  expect(site.sent.get('/by-header.jpg')).toBe(40);
  expect(narrow.audit).toMatchObject({
    purposes: ['search'],
    kept: 3,
    keptWithStatements: 2,
    reserved: 0,
    optedOut: 0,
  });
  // The same was said; only what follows from it differs.
  for (const name of ['by-robots', 'by-file']) {
    expect(narrow.rightsOf(name)).toEqual(strict.rightsOf(name));
    expect(narrow.rightsOf(name)).toMatchObject([{ positions: { train: 'reserved' } }]);
  }
  const placesOf = ({ audit: { evidence } }: typeof strict) =>
    evidence.map(({ where, value, url }) => `${where} ${value} ${url}`);
  expect(placesOf(strict)).toEqual(expect.arrayContaining(placesOf(narrow)));
  expect(narrow.audit.evidence.map(({ kept }) => kept)).toEqual([1, 1]);
  expect(strict.audit.evidence.map(({ kept }) => kept)).toEqual([0, 0, 0, 0, 0]);
});

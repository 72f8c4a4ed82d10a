/**
 * `node bench/rules-cost.ts`: what the address guard, robots.txt and the pace of a host cost an image,
 * over a network that answers at once. Prints one line of JSON: CPU microseconds an image. The guard
 * judges the address of each image here, a crawl that of each connection.
 */
import { refusalOfAddress, refusalOfTarget, refusalOfUrl } from '../adapters/http/address-guard.ts';
import { MemoryHostLedger } from '../adapters/memory/memory-host-ledger.ts';
import { SILENT_OBSERVER } from '../adapters/memory/silent-observer.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { HostGate } from '../core/hosts/host-gate.ts';
import { Hosts } from '../core/hosts/hosts.ts';
import type { RequestLimits } from '../core/hosts/request-limits.ts';
import { Slots } from '../core/hosts/slots.ts';
import { FIRST_CHECKPOINT, type Run } from '../core/model/run.ts';
import { RobotsPolicy } from '../core/policies/robots-policy.ts';
import type { Fetcher, FetchOutcome, FetchRequest } from '../core/ports/fetcher.ts';

const IMAGES = 200_000;
/** As many as a worker has under way. */
const AT_ONCE = 48;
const HOSTS = 8;
/** Longer than most. */
const RULES = 100;

/** Next to a range for documentation: public by every rule. */
const PUBLIC = '198.51.101.1';

const policy = { allowPrivate: false };
const isCancelled = async () => false;
/** What is learned of hosts is kept by nobody. */
const LIMITS: RequestLimits = {
  notAfterMs: Number.POSITIVE_INFINITY,
  isCancelled,
  budget: { round: 'bench 0', attempts: 3 },
  keeper: { keepHost() {}, keepHostNow: async () => {} },
};
const run: Run = {
  runId: 'bench',
  startedMs: clock.now(),
  lists: [],
  seeding: 'finished',
  superseded: {},
  checkpoint: FIRST_CHECKPOINT,
  cancelled: false,
  settings: {
    attempts: 3,
    timeoutMs: 30_000,
    maxBytes: 1e6,
    maxPixels: 1e8,
    maxUrls: 0,
    minWidth: 0,
    minHeight: 0,
    minBytes: 0,
    maxTotalBytes: 0,
    perHost: 6,
    delayMs: 0,
    maxRedirects: 5,
    ignoreRobots: false,
    purposes: ['search', 'keep'],
    ratePerS: 0,
    perAddress: false,
    userAgent: 'image-crawler/1.0 (+https://example.com/bot)',
  },
};

const without = await measure((url, fetcher) => fetcher.fetch(requestOf(url)));
const withRules = await measure(underRules());
console.log(JSON.stringify({ microsPerImage: withRules - without }));

function underRules(): (url: string, fetcher: Fetcher) => Promise<unknown> {
  const gate = new HostGate({
    clock,
    hosts: new Hosts(clock),
    slots: new Slots(AT_ONCE),
    fetcher: { fetch: answer },
    ledger: new MemoryHostLedger(),
    observer: SILENT_OBSERVER,
    random: Math.random,
  });
  const robots = new RobotsPolicy({ clock, gate });
  return async (url) => {
    guard(new URL(url));
    const decision = await robots.check(url, run, LIMITS);
    if (decision.kind !== 'go') throw new Error(`${url}: ${decision.kind}`);
    const { notAfterMs, budget, keeper } = LIMITS;
    const delayMs = decision.crawlDelayMs;
    const pace = { perHost: 6, delayMs, ratePerS: 0, perAddress: false, notAfterMs, budget };
    await gate.approach({ request: requestOf(url), pace, isCancelled, keeper });
  };
}

/** CPU microseconds an image, once the code is warm. */
async function measure(ask: (url: string, fetcher: Fetcher) => Promise<unknown>): Promise<number> {
  const urls = Array.from(
    { length: IMAGES },
    (_, at) => `https://host-${at % HOSTS}.example/albums/${at % 977}/picture-${at}.jpg`,
  );
  await askAll(urls.slice(0, IMAGES / 4), ask);
  const before = process.cpuUsage();
  await askAll(urls, ask);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / IMAGES;
}

async function askAll(
  urls: readonly string[],
  ask: (url: string, fetcher: Fetcher) => Promise<unknown>,
): Promise<void> {
  const queue = urls.values();
  const takeAll = async () => {
    for (const url of queue) await ask(url, { fetch: answer });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeAll));
}

function requestOf(url: string): FetchRequest {
  const { timeoutMs, maxBytes, perHost, userAgent } = run.settings;
  return { url, timeoutMs, maxBytes, perHost, userAgent };
}

/** What the fetcher asks for each request, and its connector for each connection. */
function guard(url: URL): void {
  const refusal =
    refusalOfUrl(url, policy) ?? refusalOfTarget(url, policy) ?? refusalOfAddress(PUBLIC, policy);
  if (refusal !== undefined) throw new Error(refusal);
}

async function answer({ url }: FetchRequest): Promise<FetchOutcome> {
  if (url.endsWith('/robots.txt')) return robotsTxt();
  return { kind: 'body', httpStatus: 200, headers: {}, body: new Uint8Array(0), release: () => {} };
}

function robotsTxt(): FetchOutcome {
  const rules = Array.from({ length: RULES }, (_, at) => `Disallow: /private-${at}/*.php$`);
  const body = Buffer.from(`User-agent: *\n${rules.join('\n')}\n`);
  return { kind: 'body', httpStatus: 200, headers: {}, body, release: () => {} };
}

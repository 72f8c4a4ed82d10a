import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { type ServerStats, serverStats } from './server-log.ts';

/** Each host listens on a socket of its own, and a process may have so many files open. */
const HOSTS_PER_PROCESS = 6000;

/** What the servers are to serve. */
export interface RealServerOptions {
  readonly urls: number;
  readonly hosts: number;
  readonly seed: number;
  readonly tls: boolean;
}

/** The hosts of the real list, in processes of their own. */
export interface RealServer {
  /** One for each host, the dead included. */
  readonly origins: readonly string[];
  /** Certificates to trust, PEM; empty without TLS. */
  readonly authorities: string;
  /** Counted since the last reset; maxima are sums over the processes, and so at most this. */
  stats(): Promise<ServerStats>;
  /** Closes all connections and starts to count again. */
  reset(): Promise<void>;
  stop(): void;
}

const ready = z.object({
  origins: z.array(z.string()),
  control: z.string(),
  authority: z.string().optional(),
});

/** Starts the servers, and resolves when they serve. */
export async function startRealServer(options: RealServerOptions): Promise<RealServer> {
  const count = Math.ceil(options.hosts / HOSTS_PER_PROCESS);
  const started = await Promise.all(
    Array.from({ length: count }, (_, at) => startOne(options, at * HOSTS_PER_PROCESS)),
  );
  return {
    origins: started.flatMap(({ origins }) => origins),
    authorities: started.flatMap(({ authority }) => authority ?? []).join('\n'),
    stats: async () => mergeStats(await Promise.all(started.map(({ stats }) => stats()))),
    reset: async () => {
      await Promise.all(started.map(({ control }) => fetch(control, { method: 'POST' })));
    },
    stop: () => {
      for (const { stop } of started) stop();
    },
  };
}

async function startOne({ urls, hosts, seed, tls }: RealServerOptions, from: number) {
  const script = join(import.meta.dirname, 'real-server.ts');
  const to = Math.min(hosts, from + HOSTS_PER_PROCESS);
  const numbers = Object.entries({ urls, hosts, seed, from, to });
  const words = numbers.map(([name, value]) => `--${name}=${value}`);
  const child = spawn(process.execPath, [script, ...words, ...(tls ? ['--tls'] : [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const [line] = await Promise.race([once(lines, 'line'), once(child, 'exit').then(failed)]);
  const { control, ...rest } = ready.parse(JSON.parse(line));
  const stats = async () => serverStats.parse(await (await fetch(control)).json());
  return { ...rest, control, stats, stop: () => child.stdin.end() };
}

function failed([code]: unknown[]): never {
  throw new Error(`real-server.ts ended with code ${code} before it served`);
}

function mergeStats(all: readonly ServerStats[]): ServerStats {
  const sum = (figure: (stats: ServerStats) => number) =>
    all.reduce((total, stats) => total + figure(stats), 0);
  const begun = all.filter(({ firstMs }) => firstMs > 0).map(({ firstMs }) => firstMs);
  return {
    requests: {
      robots: sum(({ requests }) => requests.robots),
      picture: sum(({ requests }) => requests.picture),
      redirect: sum(({ requests }) => requests.redirect),
      unavailable: sum(({ requests }) => requests.unavailable),
      notFound: sum(({ requests }) => requests.notFound),
    },
    firstMs: begun.length === 0 ? 0 : Math.min(...begun),
    lastMs: Math.max(...all.map(({ lastMs }) => lastMs)),
    sentMs: all.flatMap(({ sentMs }) => sentMs).toSorted((a, b) => a - b),
    inFlightMs: sum(({ inFlightMs }) => inFlightMs),
    inFlight: sum(({ inFlight }) => inFlight),
    maxInFlight: sum(({ maxInFlight }) => maxInFlight),
    connections: sum(({ connections }) => connections),
    silentConnections: sum(({ silentConnections }) => silentConnections),
    fullHandshakes: sum(({ fullHandshakes }) => fullHandshakes),
    resumedHandshakes: sum(({ resumedHandshakes }) => resumedHandshakes),
    maxHostRequests: Math.max(...all.map(({ maxHostRequests }) => maxHostRequests)),
    maxHostConnections: Math.max(...all.map(({ maxHostConnections }) => maxHostConnections)),
  };
}

import { z } from 'zod';

/** What the real server was asked for. */
const REQUEST_KINDS = ['robots', 'picture', 'redirect', 'unavailable', 'notFound'] as const;
/** One of them. */
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** What a real server counted since it was reset. Times are in milliseconds since 1970. */
export const serverStats = z.object({
  /** Answers begun, by kind. */
  requests: z.record(z.enum(REQUEST_KINDS), z.number()),
  /** Arrival of the first request; 0 when there was none. */
  firstMs: z.number(),
  /** End of the last request. */
  lastMs: z.number(),
  /** When each distinct picture was first sent as a whole. */
  sentMs: z.array(z.number()),
  /** Sum of the durations of all requests to live hosts, in milliseconds. */
  inFlightMs: z.number(),
  /** Requests at this moment. */
  inFlight: z.number(),
  /** Most requests at once. */
  maxInFlight: z.number(),
  /** Connections accepted by live hosts. */
  connections: z.number(),
  /** Connections accepted by silent hosts. */
  silentConnections: z.number(),
  fullHandshakes: z.number(),
  resumedHandshakes: z.number(),
  /** Most requests at once to one host. */
  maxHostRequests: z.number(),
  /** Most connections open at once to one host. */
  maxHostConnections: z.number(),
});

/** See the schema. */
export type ServerStats = z.output<typeof serverStats>;

/** Open requests and connections of one host. */
export interface HostCount {
  requests: number;
  connections: number;
}

/** Counts what a real server does. Requests that are open at a reset are counted from then on. */
export class ServerLog {
  #stats = emptyStats();
  #sent = new Map<string, number>();
  #inFlight = 0;
  #changedMs = 0;

  /** Starts to count again. */
  reset(): void {
    this.#stats = emptyStats();
    this.#sent = new Map();
  }

  /** A request has arrived. */
  enter(host: HostCount, kind: RequestKind): void {
    const nowMs = this.#change(1);
    const stats = this.#stats;
    if (stats.firstMs === 0) stats.firstMs = nowMs;
    stats.requests[kind] += 1;
    host.requests += 1;
    stats.maxInFlight = Math.max(stats.maxInFlight, this.#inFlight);
    stats.maxHostRequests = Math.max(stats.maxHostRequests, host.requests);
  }

  /** Its answer is over, sent or not. */
  leave(host: HostCount): void {
    this.#stats.lastMs = this.#change(-1);
    host.requests -= 1;
  }

  /** A picture was sent as a whole. */
  sent(path: string): void {
    if (!this.#sent.has(path)) this.#sent.set(path, Date.now());
  }

  /** A live host has accepted a connection. */
  connect(host: HostCount): void {
    this.#stats.connections += 1;
    host.connections += 1;
    this.#stats.maxHostConnections = Math.max(this.#stats.maxHostConnections, host.connections);
  }

  /** A silent host has accepted a connection. */
  connectSilent(): void {
    this.#stats.silentConnections += 1;
  }

  /** A TLS handshake is done. */
  secure(isResumed: boolean): void {
    if (isResumed) this.#stats.resumedHandshakes += 1;
    else this.#stats.fullHandshakes += 1;
  }

  get stats(): ServerStats {
    return { ...this.#stats, inFlight: this.#inFlight, sentMs: [...this.#sent.values()] };
  }

  #change(by: 1 | -1): number {
    const nowMs = Date.now();
    this.#stats.inFlightMs += this.#inFlight * (nowMs - (this.#changedMs || nowMs));
    this.#changedMs = nowMs;
    this.#inFlight += by;
    return nowMs;
  }
}

function emptyStats(): ServerStats {
  return {
    requests: { robots: 0, picture: 0, redirect: 0, unavailable: 0, notFound: 0 },
    firstMs: 0,
    lastMs: 0,
    sentMs: [],
    inFlightMs: 0,
    inFlight: 0,
    maxInFlight: 0,
    connections: 0,
    silentConnections: 0,
    fullHandshakes: 0,
    resumedHandshakes: 0,
    maxHostRequests: 0,
    maxHostConnections: 0,
  };
}

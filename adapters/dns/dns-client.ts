import { setTimeout as delay } from 'node:timers/promises';
import { askServer, type DnsAnswer } from './ask-server.ts';
import type { DnsConfig, NameServerAddress } from './dns-config.ts';
import { firstSuccess } from './first-success.ts';
import { LoopQuota } from './loop-quota.ts';
import { codeOfError, lookupTimeout, nameLookupError } from './resolve-name.ts';
import { Slots } from './slots.ts';

/** How look-ups through the DNS are limited. Times are in milliseconds. */
export interface DnsLimits {
  /** For a name in all, over servers, repeats and search domains, from its first query on. */
  readonly timeoutMs: number;
  /** Names that are looked up at once; each has a socket for each query without an answer. */
  readonly namesAtOnce: number;
  /** After so long without an answer, the next server is asked too, or the same one again. */
  readonly retryMs: number;
  /** How long AAAA may come after A: RFC 8305, section 3, proposes 50. */
  readonly graceMs: number;
  /** How long the server that answered for a silent one is asked first. */
  readonly preferMs: number;
}

/** Unless told otherwise. */
export const DNS_LIMITS: DnsLimits = {
  timeoutMs: 5000,
  namesAtOnce: 256,
  retryMs: 1000,
  graceMs: 50,
  preferMs: 30_000,
};

/** A burst of hundreds of packets overflows the receive buffer of a small name server. */
const BEGUN_IN_A_TURN = 16;

interface Preferred {
  readonly server: NameServerAddress;
  readonly untilMs: number;
}

/**
 * Looks names up through c-ares, which needs no threads. A name that its servers are silent about
 * takes one slot until its time is over, and nobody's time runs while they wait for a slot.
 */
export class DnsClient {
  readonly #config: () => DnsConfig;
  readonly #limits: DnsLimits;
  readonly #now: () => number;
  readonly #slots: Slots;
  readonly #quota = new LoopQuota(BEGUN_IN_A_TURN);
  #preferred: Preferred | undefined;

  constructor(
    config: () => DnsConfig,
    limits: DnsLimits = DNS_LIMITS,
    now: () => number = () => performance.now(),
  ) {
    this.#config = config;
    this.#limits = limits;
    this.#now = now;
    this.#slots = new Slots(this.#limits.namesAtOnce);
  }

  /** What the DNS says of a name; rejects with NameLookupError when it says nothing in time. */
  lookUp(hostname: string): Promise<DnsAnswer> {
    return this.#slots.run(async () => {
      await this.#quota.take();
      return this.#lookUpInTime(hostname);
    });
  }

  async #lookUpInTime(hostname: string): Promise<DnsAnswer> {
    const { timeoutMs } = this.#limits;
    const ended = new AbortController();
    const timer = setTimeout(() => ended.abort(), timeoutMs);
    try {
      return await this.#askFor(hostname, ended.signal);
    } catch (error) {
      const code = codeOfError(error);
      const isLate = code === 'ECANCELLED' || code === 'ETIMEOUT';
      throw isLate ? lookupTimeout(hostname, timeoutMs) : nameLookupError(hostname, code);
    } finally {
      clearTimeout(timer);
      ended.abort();
    }
  }

  async #askFor(hostname: string, signal: AbortSignal): Promise<DnsAnswer> {
    const config = this.#config();
    let missing: DnsAnswer = { kind: 'missing', code: 'ENOTFOUND' };
    for (const name of candidatesOf(hostname, config)) {
      const answer = await this.#askServers(name, config, signal);
      if (answer.kind === 'found') return answer;
      if (name === hostname) missing = answer;
    }
    return missing;
  }

  /**
   * Each server twice, since packets are lost, small servers refuse what is above their own limit
   * of queries at once (dnsmasq: 150), and one that is restarted is back in a moment.
   */
  async #askServers(name: string, config: DnsConfig, signal: AbortSignal): Promise<DnsAnswer> {
    const { retryMs } = this.#limits;
    const question = { name, families: config.families, ...this.#limits };
    const servers = this.#inOrder(config.servers);
    const failures = new Map<NameServerAddress, string>();
    const ask = async (server: NameServerAddress) => {
      if (failures.has(server)) await delay(retryMs, undefined, { signal });
      try {
        return { server, answer: await askServer(question, server, signal) };
      } catch (error) {
        failures.set(server, codeOfError(error));
        throw error;
      }
    };
    const attempts = [...servers, ...servers].map((server) => () => ask(server));
    const { server, answer } = await firstSuccess(attempts, retryMs);
    const [first] = servers;
    if (server !== first && isUnreachable(failures.get(first))) this.#prefer(server);
    return answer;
  }

  /** A server that is down costs the names of one moment a second, and not every name. */
  #prefer(server: NameServerAddress): void {
    this.#preferred = { server, untilMs: this.#now() + this.#limits.preferMs };
  }

  #inOrder(servers: readonly NameServerAddress[]): readonly NameServerAddress[] {
    const { server: first, untilMs = 0 } = this.#preferred ?? {};
    if (untilMs <= this.#now() || !servers.includes(first)) return servers;
    return [first, ...servers.filter((server) => server !== first)];
  }
}

/** Whether a server was silent or not there, by its failure so far; others are of the name. */
function isUnreachable(code: string | undefined): boolean {
  return code === undefined || code === 'ETIMEOUT' || code === 'ECONNREFUSED';
}

/**
 * The names to ask for, in order. A name with a dot is asked for as it is first, whatever `ndots`
 * says: nearly all names of a crawl are absolute, and a search domain that answers for every name
 * must not take them over. From `ndots` dots on a name is never searched for, as in musl: a list of
 * dead names would be asked for several times.
 */
function candidatesOf(hostname: string, { search, ndots }: DnsConfig): readonly string[] {
  const dots = hostname.split('.').length - 1;
  if (dots >= ndots || hostname.endsWith('.')) return [hostname];
  const searched = search.map((domain) => `${hostname}.${domain}`);
  return dots === 0 ? [...searched, hostname] : [hostname, ...searched];
}

import { hostOf } from '../../core/model/canonical-url.ts';
import { parseRetryAfter } from '../../core/model/retry-after.ts';
import type { FetchOutcome, FetchRequest } from '../../core/ports/fetcher.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { type Answer, type Script, status } from '../worker/scripted-site.ts';
import type { SimProcess } from './sim-process.ts';

/** What the sites of a simulation are like. */
export interface SiteOptions {
  /** Answers by URL, one after the other, the last one for ever; a robots.txt that is not named is a 404. */
  readonly script: Script;
  readonly clock: VirtualClock;
  readonly random: () => number;
  /** Longest time of an answer, in milliseconds. */
  readonly latencyMs: number;
  /** Hosts that no list names: they are only redirected to, by whoever is sent there. */
  readonly elsewhere: ReadonlySet<string>;
  /** Least time between two requests to a host, in milliseconds. */
  readonly delayMs: number;
  readonly perHost: number;
  /** Until when a host is known in the ledger to want quiet, in milliseconds since 1970. */
  readonly keptPauseMs: (host: string) => number;
}

interface Wish {
  readonly untilMs: number;
  /** Who was told. */
  readonly told: SimProcess;
}

interface HostLog {
  readonly active: Map<SimProcess, number>;
  lastStartMs: number;
  wishes: Wish[];
}

/** Scripted web servers that watch how they are asked. */
export class SimSite {
  /** Requests while another worker had one under way at the same host. */
  fromTwoWorkers = 0;
  /** Requests before a host's delay or its wish for quiet was over, or beyond what it takes at once. */
  tooSoon = 0;
  requests = 0;
  readonly #options: SiteOptions;
  readonly #asked = new Map<string, number>();
  readonly #hosts = new Map<string, HostLog>();

  constructor(options: SiteOptions) {
    this.#options = options;
  }

  /** How often a URL was asked for. */
  asked(url: string): number {
    return this.#asked.get(url) ?? 0;
  }

  async fetch(process: SimProcess, { url, onSent }: FetchRequest): Promise<FetchOutcome> {
    const { clock, random, latencyMs } = this.#options;
    onSent?.();
    const host = hostOf(url);
    const log = this.#logOf(host);
    const answer = this.#next(url);
    if (!this.#options.elsewhere.has(host)) this.#judge(process, host, log);
    this.#count(log, process, 1);
    log.lastStartMs = clock.now();
    this.requests += 1;
    const { jumpedMs } = clock;
    if (latencyMs > 0) await clock.sleep(Math.ceil(random() * latencyMs));
    this.#count(log, process, -1);
    if (answer === 'killer') process.die();
    if (answer === 'killer' || process.isDead) return new Promise(() => {});
    // Who slept while it waited is told too late: its successor may be at work.
    if (clock.jumpedMs === jumpedMs) this.#hearWish(log, process, answer);
    return answer;
  }

  #judge(process: SimProcess, host: string, log: HostLog): void {
    const { clock, delayMs, perHost, keptPauseMs } = this.#options;
    const now = clock.now();
    const others = [...log.active].filter(([other, count]) => {
      return other !== process && !other.isDead && count > 0;
    });
    if (others.length > 0) this.fromTwoWorkers += 1;
    // What a worker was told and did not live to pass on is not known.
    log.wishes = log.wishes.filter(({ untilMs, told }) => {
      return untilMs > now && (!told.isDead || keptPauseMs(host) >= untilMs);
    });
    const isEarly = now - log.lastStartMs < delayMs || log.wishes.length > 0;
    const isMuch = (log.active.get(process) ?? 0) >= perHost;
    if (isEarly || isMuch) this.tooSoon += 1;
  }

  #hearWish(log: HostLog, told: SimProcess, answer: FetchOutcome): void {
    if (answer.kind !== 'no-body') return;
    const { httpStatus, headers } = answer;
    if (httpStatus !== 429 && httpStatus !== 503) return;
    const now = this.#options.clock.now();
    const waitMs = parseRetryAfter(headers['retry-after'], now) ?? 0;
    if (waitMs > 0) log.wishes.push({ untilMs: now + waitMs, told });
  }

  #next(url: string): Answer {
    const answers = this.#options.script[url];
    const asked = this.asked(url);
    this.#asked.set(url, asked + 1);
    const answer = answers?.[Math.min(asked, answers.length - 1)];
    if (answer !== undefined) return answer;
    if (url.endsWith('/robots.txt')) return status(404);
    throw new Error(`nobody planned a request for ${url}`);
  }

  #logOf(host: string): HostLog {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const log = { active: new Map(), lastStartMs: Number.NEGATIVE_INFINITY, wishes: [] };
    this.#hosts.set(host, log);
    return log;
  }

  #count({ active }: HostLog, process: SimProcess, change: 1 | -1): void {
    const count = (active.get(process) ?? 0) + change;
    if (count === 0) active.delete(process);
    else active.set(process, count);
  }
}

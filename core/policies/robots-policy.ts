import type { HostGate } from '../hosts/host-gate.ts';
import type { ReadyRobots } from '../hosts/hosts.ts';
import type { RequestLimits } from '../hosts/request-limits.ts';
import { hostOf, originOf } from '../model/canonical-url.ts';
import { robotsName } from '../model/host-record.ts';
import type { Reason } from '../model/outcome.ts';
import type { RobotsCopy } from '../model/robots-rules.ts';
import type { Run } from '../model/run.ts';
import { tokenOf } from '../model/run-token.ts';
import type { Clock } from '../ports/clock.ts';
import { MAX_CRAWL_DELAY_MS } from '../robots/max-crawl-delay.ts';
import { renewedCopy } from '../robots/robots-copy.ts';
import { sitemapUrls } from '../robots/sitemap-urls.ts';
import {
  fetchRobots,
  isRefusedHere,
  type RobotsFailure,
  type RobotsFetched,
} from './fetch-robots.ts';

/** Times in a row that an unreachable file is asked for before that is remembered for a while. */
const MAX_UNREACHABLE = 3;
/** Origins whose unreachable files are counted. */
const MAX_COUNTED = 10_000;

/** What robots.txt says to one URL. */
export type RobotsDecision =
  | { readonly kind: 'go'; readonly crawlDelayMs: number }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly detail: string }
  /** It did not come: that was the attempt at the target. */
  | ({ readonly kind: 'failed'; readonly tookMs: number } & RobotsFailure)
  | Exclude<RobotsFetched, { readonly kind: 'answered' }>;

type Known = ReadyRobots | Exclude<RobotsDecision, { readonly kind: 'go' | 'refused' }>;

/** Dependencies of RobotsPolicy. */
export interface RobotsPolicyPorts {
  readonly clock: Clock;
  readonly gate: HostGate;
}

const GO: RobotsDecision = { kind: 'go', crawlDelayMs: 0 };

/** Asks every origin for its robots.txt once a day, and decides by it. */
export class RobotsPolicy {
  readonly #ports: RobotsPolicyPorts;
  readonly #asking = new Map<string, Promise<Known>>();
  readonly #unreachable = new Map<string, number>();

  constructor(ports: RobotsPolicyPorts) {
    this.#ports = ports;
  }

  /** Whether a run may ask for a URL. Rejects on infrastructure errors. */
  async check(url: string, run: Run, limits: RequestLimits): Promise<RobotsDecision> {
    if (run.settings.ignoreRobots) return GO;
    const known = await this.#know(originOf(url), run, limits);
    const { maxCrawlDelayMs = MAX_CRAWL_DELAY_MS } = run.settings;
    return 'copy' in known ? decide(url, known, maxCrawlDelayMs) : known;
  }

  /** Sitemaps that the robots.txt of a URL's origin names, when it was asked for. */
  async sitemapsOf(url: string, run: Run): Promise<readonly string[]> {
    const host = await this.#ports.gate.know(hostOf(url));
    const answer = host.robots(robotsName(originOf(url), tokenOf(run)))?.copy.answer;
    return answer?.kind === 'rules'
      ? sitemapUrls(answer.rules.sitemaps, `${originOf(url)}/robots.txt`)
      : [];
  }

  /** All targets of an origin wait for one request. */
  #know(origin: string, run: Run, limits: RequestLimits): Promise<Known> {
    const key = `${origin} ${tokenOf(run)}`;
    const asked = this.#asking.get(key);
    if (asked !== undefined) return asked;
    const asking = this.#ask(origin, run, limits).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask(origin: string, run: Run, limits: RequestLimits): Promise<Known> {
    const { gate, clock } = this.#ports;
    const token = tokenOf(run);
    const name = robotsName(origin, token);
    const host = await gate.know(hostOf(`${origin}/`));
    const known = host.robots(name);
    if (known !== undefined && this.#isFresh(known.copy)) return known;
    const fetched = await fetchRobots(origin, token, run, limits, gate);
    if (fetched.kind !== 'answered') return fetched;
    const { answer, failure, tookMs } = fetched;
    // Not the host's outage, and nothing was asked of it: its targets end for the same reason.
    if (failure !== undefined && isRefusedHere(failure.reason))
      return { kind: 'failed', ...failure, tookMs };
    const copy = renewedCopy(known?.copy, answer, clock.now());
    const keep = () => {
      this.#unreachable.delete(`${origin} ${token}`);
      const ready = host.keepRobots(name, copy, failure);
      limits.keeper.keepHost(host);
      return ready;
    };
    if (failure === undefined || copy.answer.kind === 'rules') return keep();
    const noContact = noContactOf(failure, clock.now());
    if (noContact !== undefined) return noContact;
    if (this.#countUnreachable(`${origin} ${token}`) >= MAX_UNREACHABLE) keep();
    return { kind: 'failed', ...failure, tookMs };
  }

  /** An outage of a moment is no reason to leave a whole host out. */
  #countUnreachable(key: string): number {
    const times = (this.#unreachable.get(key) ?? 0) + 1;
    const [oldest] = this.#unreachable.keys();
    if (this.#unreachable.size >= MAX_COUNTED && oldest !== undefined)
      this.#unreachable.delete(oldest);
    this.#unreachable.set(key, times);
    return times;
  }

  #isFresh({ askAgainAtMs }: RobotsCopy): boolean {
    return askAgainAtMs > this.#ports.clock.now();
  }
}

/**
 * A host that could not be contacted is paused or given up, and that is no attempt at any of its
 * targets: they wait with it, and end with it.
 */
function noContactOf(failure: RobotsFailure, nowMs: number): Known | undefined {
  const { pauseMs, httpStatus, reason, detail } = failure;
  if (pauseMs === undefined || httpStatus !== undefined) return undefined;
  return pauseMs === Number.POSITIVE_INFINITY
    ? { kind: 'given-up', reason, detail }
    : { kind: 'paused', untilMs: nowMs + pauseMs };
}

function decide(
  url: string,
  { copy, matcher, failure }: ReadyRobots,
  maxCrawlDelayMs: number,
): RobotsDecision {
  const { answer } = copy;
  if (answer.kind === 'unreachable') return unreachable(failure);
  if (answer.kind === 'unavailable' || matcher === undefined) return GO;
  const verdict = matcher.judge(url);
  if (verdict.kind === 'disallowed') {
    const detail = `${verdict.rule} (line ${verdict.line} of robots.txt)`;
    return { kind: 'refused', reason: 'robots-disallowed', detail };
  }
  const { crawlDelayMs = 0 } = answer.rules;
  if (crawlDelayMs > maxCrawlDelayMs) {
    const detail = `Crawl-delay: ${crawlDelayMs / 1000}`;
    return { kind: 'refused', reason: 'crawl-delay-too-long', detail };
  }
  return { kind: 'go', crawlDelayMs };
}

/** A host that is not there is reported as that: its robots.txt is only what was asked for first. */
function unreachable(failure: ReadyRobots['failure']): RobotsDecision {
  const { reason = 'robots-unreachable', detail = 'robots.txt did not come' } = failure ?? {};
  return { kind: 'refused', reason, detail: `${detail}, ${MAX_UNREACHABLE} times in a row` };
}

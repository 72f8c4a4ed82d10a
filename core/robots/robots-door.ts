import { originOf } from '../canonical-url.ts';
import type { HostGate } from '../host-gate.ts';
import type { Reason } from '../outcome.ts';
import type { Clock } from '../ports/clock.ts';
import type { HostLedger } from '../ports/ledger.ts';
import type { Run } from '../run.ts';
import {
  fetchRobots,
  isRefusedHere,
  type RequestLimits,
  type RobotsFailure,
  type RobotsFetched,
} from './fetch-robots.ts';
import { type RobotsCopy, renewedCopy } from './robots-copy.ts';
import { RobotsShelf, type ShelvedRobots } from './robots-shelf.ts';
import { tokenOf } from './run-token.ts';

/** Longest pause between two requests that a robots.txt may ask for, in milliseconds. */
export const MAX_CRAWL_DELAY_MS = 30_000;
/** Times in a row that an unreachable file is asked for before that is remembered for a while. */
const MAX_UNREACHABLE = 3;

/** What robots.txt says to one URL. */
export type RobotsLeave =
  | { readonly kind: 'go'; readonly crawlDelayMs: number }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly detail: string }
  /** It did not come: that was a try of the target. */
  | ({ readonly kind: 'failed'; readonly tookMs: number } & RobotsFailure)
  | Exclude<RobotsFetched, { readonly kind: 'answered' }>;

type Known = ShelvedRobots | Exclude<RobotsLeave, { readonly kind: 'go' | 'refused' }>;

/** What the door needs of the world. */
export interface RobotsDoorPorts {
  readonly clock: Clock;
  readonly gate: HostGate;
  readonly hosts: HostLedger;
}

const GO: RobotsLeave = { kind: 'go', crawlDelayMs: 0 };

/** Asks every origin for its robots.txt once a day, and judges URLs by it. */
export class RobotsDoor {
  readonly #ports: RobotsDoorPorts;
  readonly #shelf = new RobotsShelf();
  readonly #asking = new Map<string, Promise<Known>>();
  readonly #unreachable = new Map<string, number>();

  constructor(ports: RobotsDoorPorts) {
    this.#ports = ports;
  }

  /** Whether a run may ask for a URL. Throws when we or AWS broke. */
  async leaveFor(url: string, run: Run, limits: RequestLimits): Promise<RobotsLeave> {
    if (run.settings.ignoreRobots) return GO;
    const known = await this.#know(originOf(url), tokenOf(run), run, limits);
    return 'copy' in known ? judge(url, known) : known;
  }

  /** Sitemaps that the robots.txt of a URL's origin names, when it was asked for. */
  sitemapsOf(url: string, run: Run): readonly string[] {
    const answer = this.#shelf.get(`${originOf(url)} ${tokenOf(run)}`)?.copy.answer;
    return answer?.kind === 'rules' ? answer.rules.sitemaps : [];
  }

  /** All targets of a host wait for one request. */
  #know(origin: string, token: string, run: Run, limits: RequestLimits): Promise<Known> {
    const key = `${origin} ${token}`;
    const shelved = this.#shelf.get(key);
    if (shelved !== undefined && this.#isFresh(shelved.copy)) return Promise.resolve(shelved);
    const asked = this.#asking.get(key);
    if (asked !== undefined) return asked;
    const asking = this.#ask(origin, token, run, limits).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask(origin: string, token: string, run: Run, limits: RequestLimits): Promise<Known> {
    const { hosts, gate, clock } = this.#ports;
    const key = `${origin} ${token}`;
    const previous = this.#shelf.get(key)?.copy ?? (await hosts.readRobots(origin, token));
    if (previous !== undefined && this.#isFresh(previous)) return this.#shelf.put(key, previous);
    const fetched = await fetchRobots(origin, token, run, limits, gate);
    if (fetched.kind !== 'answered') return fetched;
    const { answer, failure, tookMs } = fetched;
    // Not the host's outage, and nothing was asked of it: its targets end for the same reason.
    if (failure !== undefined && isRefusedHere(failure.reason))
      return { kind: 'failed', ...failure, tookMs };
    const copy = renewedCopy(previous, answer, clock.now());
    if (answer.kind !== 'unreachable') await hosts.keepRobots(origin, token, copy);
    if (failure === undefined || copy.answer.kind === 'rules') return this.#shelf.put(key, copy);
    if (this.#isGivenUp(key)) this.#shelf.put(key, copy, failure);
    return { kind: 'failed', ...failure, tookMs };
  }

  /** An outage of a moment is no reason to leave a whole host out. */
  #isGivenUp(key: string): boolean {
    const times = (this.#unreachable.get(key) ?? 0) + 1;
    if (times >= MAX_UNREACHABLE || this.#unreachable.size > 10_000) this.#unreachable.delete(key);
    else this.#unreachable.set(key, times);
    return times >= MAX_UNREACHABLE;
  }

  #isFresh({ askAgainAtMs }: RobotsCopy): boolean {
    return askAgainAtMs > this.#ports.clock.now();
  }
}

function judge(url: string, { copy, matcher, failure }: ShelvedRobots): RobotsLeave {
  const { answer } = copy;
  if (answer.kind === 'unreachable') return unreachable(failure);
  if (answer.kind === 'unavailable' || matcher === undefined) return GO;
  const verdict = matcher.judge(url);
  if (verdict.kind === 'disallowed') {
    const detail = `${verdict.rule} (line ${verdict.line} of robots.txt)`;
    return { kind: 'refused', reason: 'robots-disallowed', detail };
  }
  const { crawlDelayMs = 0 } = answer.rules;
  if (crawlDelayMs > MAX_CRAWL_DELAY_MS) {
    const detail = `Crawl-delay: ${crawlDelayMs / 1000}`;
    return { kind: 'refused', reason: 'crawl-delay-too-long', detail };
  }
  return { kind: 'go', crawlDelayMs };
}

/** A host that is not there is told as that: its robots.txt is only what was asked for first. */
function unreachable(failure?: RobotsFailure): RobotsLeave {
  const { reason = 'robots-unreachable', detail = 'robots.txt did not come' } = failure ?? {};
  return { kind: 'refused', reason, detail: `${detail}, ${MAX_UNREACHABLE} times in a row` };
}

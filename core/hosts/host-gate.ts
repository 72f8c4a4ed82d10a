import { hostOf } from '../model/canonical-url.ts';
import { reasonOfAnswer } from '../model/http-status.ts';
import { type Reason, verdictOf } from '../model/outcome.ts';
import { parseRetryAfter } from '../model/retry-after.ts';
import type { Clock } from '../ports/clock.ts';
import type { Fetcher, FetchOutcome, FetchRequest } from '../ports/fetcher.ts';
import type { HostLedger } from '../ports/ledger.ts';
import type { Observer } from '../ports/observer.ts';
import type { Host, Hosts } from './hosts.ts';
import { delayOf, type NoTurn, type Pace } from './pace.ts';
import type { Slots } from './slots.ts';

/** Dependencies of HostGate. */
export interface HostGatePorts {
  readonly clock: Clock;
  readonly hosts: Hosts;
  readonly slots: Slots;
  readonly fetcher: Fetcher;
  readonly ledger: HostLedger;
  readonly observer: Observer;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Keeps what is learned of hosts where other workers see it. */
export interface HostKeeper {
  /** Written soon, and before the task that it was learned for is closed. */
  keepHost(host: Host): void;
  /** Resolves when it is written. */
  keepHostNow(host: Host): Promise<void>;
}

/** One request with the pace of its host. */
export interface Approach {
  readonly request: FetchRequest;
  readonly pace: Pace;
  /** Asked when the request's turn has come. */
  readonly isCancelled: () => Promise<boolean>;
  readonly keeper: HostKeeper;
}

/** One request that was made. */
export interface Exchanged {
  readonly kind: 'exchanged';
  readonly outcome: FetchOutcome;
  readonly tookMs: number;
  /**
   * How long the host is paused from now on, in milliseconds: infinite when it is not asked again
   * in this run. Absent when it is not paused.
   */
  readonly pauseMs?: number;
}

/** What came of an approach. */
export type Approached = Exchanged | NoTurn | { readonly kind: 'cancelled' };

/**
 * How far ahead a host with a delay is reserved in the ledger, in milliseconds: a worker that dies
 * keeps its successor from the host for so long, and a write is due only as often.
 */
const RESERVED_MS = 10_000;

/**
 * Every request goes through here: in its host's lane, at its pace, in one of the worker's slots,
 * and with what it did to the host kept where the next worker reads it.
 */
export class HostGate {
  readonly #ports: HostGatePorts;

  constructor(ports: HostGatePorts) {
    this.#ports = ports;
  }

  /** The host of that name with what other workers know of it. Rejects on infrastructure errors. */
  async know(name: string): Promise<Host> {
    const { hosts, ledger } = this.#ports;
    const host = hosts.get(name);
    if (host.isRead) return host;
    const record = await ledger.read(name);
    if (record !== undefined) host.learn(record);
    host.isRead = true;
    return host;
  }

  /** Whether no request is under way, and none could be. */
  get isIdle(): boolean {
    return this.#ports.hosts.demand === 0;
  }

  /** Whether a host has answered lately. */
  isProven(name: string): boolean {
    return this.#ports.hosts.get(name).lane.isProven;
  }

  /** How long the last of these hosts is paused, in milliseconds from now; 0 when none is. */
  pauseMs(names: Iterable<string>): number {
    const { clock, hosts } = this.#ports;
    const untilMs = [...names].map((name) => hosts.get(name).lane.record.pausedUntilMs);
    return Math.max(0, ...untilMs.map((ms) => ms - clock.now()));
  }

  /** Keeps when these hosts may be asked next, where they have a delay. */
  leave(names: Iterable<string>, keeper: HostKeeper): void {
    for (const name of names) {
      const host = this.#ports.hosts.get(name);
      if (host.reservedUntilMs === 0) continue;
      host.reservedUntilMs = 0;
      keeper.keepHost(host);
    }
  }

  /** Makes the request when it is its host's turn. Rejects on infrastructure errors. */
  async approach({ request, pace, isCancelled, keeper }: Approach): Promise<Approached> {
    const { slots } = this.#ports;
    const host = this.#ports.hosts.get(hostOf(request.url));
    const turn = await host.lane.run(pace, async (begin): Promise<Approached> => {
      if (await isCancelled()) return { kind: 'cancelled' };
      await slots.acquire(host.lane.isProven);
      try {
        return await this.#exchange(host, request, pace, keeper, begin);
      } finally {
        slots.release();
      }
    });
    return turn.kind === 'ran' ? turn.value : turn;
  }

  async #exchange(
    host: Host,
    request: FetchRequest,
    pace: Pace,
    keeper: HostKeeper,
    begin: () => void,
  ): Promise<Approached> {
    const { clock, fetcher } = this.#ports;
    await this.#reserve(host, pace, keeper);
    const beganMs = clock.now();
    // What had to be done before took its time, or the machine slept: the host may be another's.
    if (beganMs > pace.notAfterMs) return { kind: 'cut', untilMs: beganMs };
    // A host may be paused while the next request to it is made ready.
    const refusal = host.lane.refusalNow(pace);
    if (refusal !== undefined) return refusal;
    const mayRepeat = delayOf(pace) === 0;
    const firstContact = !host.lane.isProven;
    // To open a connection takes time: the host would see two requests too close together.
    const asked = { ...request, mayRepeat, firstContact, onSent: begin };
    const outcome = await fetcher.fetch(asked);
    const tookMs = clock.now() - beganMs;
    // Inside the turn: the next one must not begin before the host is known to be paused.
    const pauseMs = this.#note(host, outcome, tookMs, pace, keeper);
    return { kind: 'exchanged', outcome, tookMs, pauseMs };
  }

  /** Before the request: a worker that dies of it leaves no successor that comes too soon. */
  async #reserve(host: Host, pace: Pace, keeper: HostKeeper): Promise<void> {
    const delayMs = delayOf(pace);
    if (delayMs === 0) return;
    const nextStartMs = this.#ports.clock.now() + delayMs;
    if (host.reservedUntilMs >= nextStartMs) return;
    host.reservedUntilMs = nextStartMs + RESERVED_MS;
    await keeper.keepHostNow(host);
  }

  #note(
    host: Host,
    outcome: FetchOutcome,
    tookMs: number,
    pace: Pace,
    keeper: HostKeeper,
  ): number | undefined {
    const { clock, hosts, observer, random } = this.#ports;
    const { lane } = host;
    if (outcome.kind !== 'failed' && outcome.publicAddress !== undefined)
      lane.limitRate(hosts.rateAt(outcome.publicAddress));
    const trouble = troubleOf(outcome);
    if (trouble === undefined) {
      const { pauses, hasFailedContacts } = lane;
      lane.recordSuccess(tookMs);
      const isWellAgain = pauses > 0 && lane.pauses === 0;
      if (isWellAgain || hasFailedContacts) keeper.keepHost(host);
      return undefined;
    }
    const before = lane.record;
    const { reason, detail, retryAfter } = trouble;
    const retryAfterMs = parseRetryAfter(retryAfter, clock.now());
    lane.recordFailure({ reason, detail, retryAfterMs, budget: pace.budget }, random());
    const after = lane.record;
    const pauseMs = after.pausedUntilMs - clock.now();
    if (after.pausedUntilMs !== before.pausedUntilMs) keeper.keepHost(host);
    if (after.pausedUntilMs > before.pausedUntilMs && before.pausedUntilMs <= clock.now())
      observer.backedOff(host.name, reason, pauseMs);
    if (lane.isGivenUp(pace.budget)) return Number.POSITIVE_INFINITY;
    return pauseMs > 0 ? pauseMs : undefined;
  }
}

/** What speaks against the host; undefined when it answered, whatever it answered. */
function troubleOf(
  outcome: FetchOutcome,
): { readonly reason: Reason; readonly detail?: string; readonly retryAfter?: string } | undefined {
  if (outcome.kind === 'body') return undefined;
  if (outcome.kind === 'failed') {
    const { reason, detail, httpStatus } = outcome;
    return httpStatus === undefined ? { reason, detail } : undefined;
  }
  const { httpStatus, headers } = outcome;
  const reason = reasonOfAnswer(httpStatus, headers);
  if (verdictOf(reason).onHost !== 'pause') return undefined;
  return { reason, retryAfter: headers['retry-after'] };
}

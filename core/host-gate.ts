import { parseRetryAfter } from './back-off.ts';
import { hostOf } from './canonical-url.ts';
import type { HostPace, NoTurn, Pace } from './host-lane.ts';
import type { HostLanes } from './host-lanes.ts';
import { reasonOfStatus } from './http-status.ts';
import type { Reason } from './outcome.ts';
import type { Clock } from './ports/clock.ts';
import type { Fetcher, FetchOutcome, FetchRequest } from './ports/fetcher.ts';
import type { HostLedger } from './ports/ledger.ts';
import type { Observer } from './ports/observer.ts';

/** What the gate needs of the world. */
export interface HostGatePorts {
  readonly clock: Clock;
  readonly lanes: HostLanes;
  readonly fetcher: Fetcher;
  readonly hosts: HostLedger;
  readonly observer: Observer;
}

/** One request with the pace of its host. */
export interface Approach {
  readonly request: FetchRequest;
  readonly pace: Pace;
  /** Asked when the request's turn has come. */
  readonly isCancelled: () => Promise<boolean>;
}

/** One request that was made. */
export interface Exchanged {
  readonly kind: 'exchanged';
  readonly outcome: FetchOutcome;
  readonly tookMs: number;
  /**
   * How long the host is left alone from now on, in milliseconds: for ever when it is not to be
   * asked again in this run. Absent when it is not left alone.
   */
  readonly quietMs?: number;
}

/** What came of an approach. */
export type Approached = Exchanged | NoTurn | { readonly kind: 'cancelled' };

/**
 * How far ahead a host with a delay is reserved in the ledger, in milliseconds: a worker that dies
 * keeps its successor from the host for so long, and a write is due only as often.
 */
const RESERVED_MS = 10_000;

/**
 * Every request goes through here: in its host's lane, at its pace, and with what it did to the
 * host remembered, in the ledger where the next worker has to know.
 */
export class HostGate {
  readonly #ports: HostGatePorts;
  /** Until when a host is reserved in the ledger, in milliseconds since 1970. */
  readonly #reserved = new Map<string, number>();
  /** The last write of each host that is under way or waits for another; it never rejects. */
  readonly #keeping = new Map<string, Promise<void>>();

  constructor(ports: HostGatePorts) {
    this.#ports = ports;
  }

  /** Learns what other workers left of these hosts. */
  learn(paces: ReadonlyMap<string, HostPace>): void {
    for (const [host, pace] of paces) this.#ports.lanes.learn(host, pace);
  }

  /** Leaves for other workers when these hosts may be asked next, where they have a delay. */
  async leave(hosts: readonly string[]): Promise<void> {
    await Promise.all(
      hosts.map(async (host) => {
        if (this.#reserved.delete(host)) await this.#keep(host);
      }),
    );
  }

  /** How long the last of these hosts wants quiet, in milliseconds from now; 0 when none does. */
  quietMs(hosts: readonly string[]): number {
    const { clock, lanes } = this.#ports;
    const untilMs = hosts.map((host) => lanes.paceOf(host)?.pausedUntilMs ?? 0);
    return Math.max(0, ...untilMs.map((ms) => ms - clock.now()));
  }

  /** Makes the request when it is its host's turn. Throws when we or AWS broke. */
  async approach({ request, pace, isCancelled }: Approach): Promise<Approached> {
    const { clock, lanes, fetcher } = this.#ports;
    const host = hostOf(request.url);
    const turn = await lanes.run(host, pace, async (begin): Promise<Approached> => {
      if (await isCancelled()) return { kind: 'cancelled' };
      await this.#reserve(host, pace);
      const beganMs = clock.now();
      // What had to be done before took its time, or the machine slept: the host may be another's.
      if (beganMs > pace.notAfterMs) return { kind: 'cut', untilMs: beganMs };
      const wish = this.#wishOf(host);
      if (wish !== undefined) return wish;
      const mayRepeat = pace.delayMs === 0;
      // To open a connection takes time: the host would else see two requests too close together.
      const outcome = await fetcher.fetch({ ...request, mayRepeat, onSent: begin });
      const tookMs = clock.now() - beganMs;
      // Inside the turn: the next one would else begin before the host is known to want quiet.
      const quietMs = await this.#note(host, outcome);
      return { kind: 'exchanged', outcome, tookMs, quietMs };
    });
    return turn.kind === 'ran' ? turn.value : turn;
  }

  /** A host may ask for quiet while the next request to it is made ready. */
  #wishOf(host: string): NoTurn | undefined {
    const { clock, lanes } = this.#ports;
    const { pausedUntilMs: untilMs = 0, reason = null } = lanes.paceOf(host) ?? {};
    if (untilMs <= clock.now()) return undefined;
    const isHopeless = reason !== null && lanes.isHopeless(host);
    return isHopeless ? { kind: 'hopeless', reason, untilMs } : { kind: 'paused', untilMs };
  }

  /** Before the request: a worker that dies of it leaves no successor that comes too soon. */
  async #reserve(host: string, { delayMs }: Pace): Promise<void> {
    const { clock } = this.#ports;
    if (delayMs === 0) return;
    const nextStartMs = clock.now() + delayMs;
    if ((this.#reserved.get(host) ?? 0) >= nextStartMs) return;
    this.#reserved.set(host, nextStartMs + RESERVED_MS);
    await this.#keep(host);
  }

  async #note(host: string, outcome: FetchOutcome): Promise<number | undefined> {
    const { clock, lanes, observer } = this.#ports;
    const before = lanes.paceOf(host);
    const trouble = troubleOf(outcome);
    if (trouble === undefined) {
      lanes.good(host);
      const isWellAgain =
        before !== undefined && before.pauses > 0 && lanes.paceOf(host)?.pauses === 0;
      if (isWellAgain) await this.#keep(host);
      return undefined;
    }
    const { reason, retryAfter } = trouble;
    const after = lanes.bad(host, reason, parseRetryAfter(retryAfter, clock.now()));
    if (after.pausedUntilMs !== before?.pausedUntilMs && after.pausedUntilMs > 0)
      await this.#keep(host);
    const quietMs = after.pausedUntilMs - clock.now();
    if (after.pauses > (before?.pauses ?? 0)) observer.backedOff(host, reason, quietMs);
    if (lanes.isHopeless(host)) return Number.POSITIVE_INFINITY;
    return quietMs > 0 ? quietMs : undefined;
  }

  /**
   * Keeps what is known of a host, one write after the other: of two that are under way at once the
   * older one might arrive last, and stay.
   */
  async #keep(host: string): Promise<void> {
    const before = this.#keeping.get(host);
    const mine = before === undefined ? this.#write(host) : before.then(() => this.#write(host));
    const settled = mine.catch(() => {});
    this.#keeping.set(host, settled);
    try {
      await mine;
    } finally {
      if (this.#keeping.get(host) === settled) this.#keeping.delete(host);
    }
  }

  async #write(host: string): Promise<void> {
    const { hosts, lanes } = this.#ports;
    const pace = lanes.paceOf(host);
    if (pace === undefined) return;
    const nextStartMs = Math.max(pace.nextStartMs, this.#reserved.get(host) ?? 0);
    await hosts.keepPace(host, { ...pace, nextStartMs } satisfies HostPace);
  }
}

/** What speaks against the host; undefined when it answered, whatever it answered. */
function troubleOf(
  outcome: FetchOutcome,
): { readonly reason: Reason; readonly retryAfter?: string } | undefined {
  if (outcome.kind === 'body') return undefined;
  if (outcome.kind === 'failed')
    return outcome.httpStatus === undefined ? { reason: outcome.reason } : undefined;
  const { httpStatus, headers } = outcome;
  if (httpStatus !== 429 && httpStatus !== 503) return undefined;
  return { reason: reasonOfStatus(httpStatus), retryAfter: headers['retry-after'] };
}

import type { Clock } from '../ports/clock.ts';
import type { ReceivedTask, TaskQueue } from '../ports/task-queue.ts';

/** Of the time that a message is hidden so much is left for writes that are under way when its lease ends. */
const MARGIN = 1 / 6;

/** The time in which a task was this worker's is over: another one may have it. */
export class LeaseOverError extends Error {
  override readonly name = 'LeaseOverError';
  constructor() {
    super('the time for this task is over: another worker may have it');
  }
}

/** The time in which one message is this worker's: nothing is written for its task afterwards. */
export class Lease {
  readonly receipt: string;
  #untilMs: number;
  #isKept = true;

  /** `untilMs` in milliseconds since 1970. */
  constructor(receipt: string, untilMs: number) {
    this.receipt = receipt;
    this.#untilMs = untilMs;
  }

  /** Whether the message is this worker's at that time. */
  isHeld(nowMs: number): boolean {
    return nowMs < this.#untilMs;
  }

  /** What speaks against a write at that time. */
  faultAt(nowMs: number): LeaseOverError | undefined {
    return this.isHeld(nowMs) ? undefined : new LeaseOverError();
  }

  /** @throws LeaseOverError */
  check(nowMs: number): void {
    const fault = this.faultAt(nowMs);
    if (fault !== undefined) throw fault;
  }

  /** Never shortens, and never revives: what was over may be another worker's. */
  extend(nowMs: number, untilMs: number): void {
    if (this.isHeld(nowMs)) this.#untilMs = Math.max(this.#untilMs, untilMs);
  }

  /** Whether the heartbeat goes on with it. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** It ends by itself: its message is to come back when it is told to, and not a beat later. */
  letGo(): void {
    this.#isKept = false;
  }

  /** The message is not this worker's any more. */
  end(): void {
    this.#untilMs = 0;
  }
}

/** What leases are made of. */
export interface LeasePorts {
  readonly clock: Clock;
  readonly queue: TaskQueue;
}

/**
 * The leases of one invocation. A message is hidden for a short time and held by a heartbeat, so
 * that the tasks of a worker that died come back soon:
 *
 *     received ── extended ── extended ──╳ the worker dies ──── visible again
 *
 * Counted from before each call was sent, and never longer than the invocation may last.
 */
export class Leases {
  readonly #ports: LeasePorts;
  readonly #visibilityMs: number;
  readonly #deadlineMs: number;
  readonly #held = new Map<string, Lease>();
  #isBeating = false;

  /** `visibilityMs` is how long a message stays hidden, `deadlineMs` the end of the invocation. */
  constructor(ports: LeasePorts, visibilityMs: number, deadlineMs: number) {
    this.#ports = ports;
    this.#visibilityMs = visibilityMs;
    this.#deadlineMs = deadlineMs;
  }

  /** The lease of a message that this invocation received itself, at `receivedMs` since 1970. */
  begin({ receipt }: ReceivedTask, receivedMs: number): Lease {
    const lease = new Lease(receipt, this.#endOf(receivedMs));
    this.#held.set(receipt, lease);
    this.#beat();
    return lease;
  }

  /**
   * Leases of messages that somebody else received: a poller may have had them for as long as they
   * are hidden, and then they are another worker's. Absent is what could not be held.
   */
  async take(received: readonly ReceivedTask[]): Promise<ReadonlyMap<string, Lease>> {
    const receipts = received.map(({ receipt }) => receipt);
    const nowMs = this.#ports.clock.now();
    const held = await this.#ports.queue.extend(receipts, this.#visibilityMs);
    const mine = received.filter(({ receipt }) => held.has(receipt));
    return new Map(mine.map((one) => [one.receipt, this.begin(one, nowMs)]));
  }

  /** The task is over: its message is held no longer. */
  end(lease: Lease): void {
    lease.end();
    this.#held.delete(lease.receipt);
  }

  #endOf(fromMs: number): number {
    return Math.min(this.#deadlineMs, fromMs + this.#visibilityMs * (1 - MARGIN));
  }

  #beat(): void {
    if (this.#isBeating) return;
    this.#isBeating = true;
    void this.#ports.clock.sleep(this.#visibilityMs / 3).then(async () => {
      await this.#extendAll();
      this.#isBeating = false;
      if (this.#held.size > 0) this.#beat();
    });
  }

  async #extendAll(): Promise<void> {
    const nowMs = this.#ports.clock.now();
    if (nowMs >= this.#deadlineMs) return this.#held.clear();
    const leases = [...this.#held.values()].filter((lease) => lease.isKept && lease.isHeld(nowMs));
    if (leases.length === 0) return;
    try {
      const receipts = leases.map(({ receipt }) => receipt);
      const held = await this.#ports.queue.extend(receipts, this.#visibilityMs);
      const thenMs = this.#ports.clock.now();
      for (const lease of leases)
        if (held.has(lease.receipt)) lease.extend(thenMs, this.#endOf(nowMs));
    } catch {
      // The next beat tries again; until then the leases hold for as long as they did.
    }
  }
}

import type { Host } from '../hosts/hosts.ts';
import type { Clock } from '../ports/clock.ts';
import type { ResultLedger } from '../ports/ledger.ts';
import type { SettledResult } from '../result.ts';
import type { Lease } from './lease.ts';

/** Most items of one write. */
const BATCH = 25;
/** What is to be written waits for more at most this long, in milliseconds. */
const LINGER_MS = 1000;
/** What somebody waits for is written at most this long after, in milliseconds. */
const HURRY_MS = 100;

interface Pending {
  readonly result: SettledResult;
  readonly lease: Lease;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface DirtyHost {
  readonly host: Host;
  readonly lease: Lease;
}

interface HostWaiter {
  readonly names: Set<string>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes results, and what was learned of hosts beside them, in batches: full ones at once, others
 * after a second. A host is in one write at a time: of two the older one might arrive last, and stay.
 */
export class BatchWriter {
  readonly #ledger: ResultLedger;
  readonly #clock: Clock;
  #pending: Pending[] = [];
  readonly #dirty = new Map<string, DirtyHost>();
  readonly #writing = new Set<string>();
  readonly #waiters = new Set<HostWaiter>();
  #flushAtMs = Number.POSITIVE_INFINITY;

  constructor(ledger: ResultLedger, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** Resolves when the result is kept. @throws LeaseOverError when the time for its task is over */
  settle(result: SettledResult, lease: Lease): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ result, lease, resolve, reject });
      if (this.#pending.length + this.#dirty.size >= BATCH) this.#flush();
      else this.#flushIn(LINGER_MS);
    });
  }

  /** The host's record is written soon, as it is then. */
  keepHost(host: Host, lease: Lease): void {
    this.#dirty.set(host.name, { host, lease });
    if (this.#pending.length + this.#dirty.size >= BATCH) this.#flush();
    else this.#flushIn(LINGER_MS);
  }

  /** Resolves when all that was learned of these hosts so far is kept. Rejects when it is not. */
  hostsKept(names: Iterable<string>): Promise<void> {
    const open = new Set(names);
    for (const name of open)
      if (!this.#dirty.has(name) && !this.#writing.has(name)) open.delete(name);
    if (open.size === 0) return Promise.resolve();
    this.#flushIn(HURRY_MS);
    return new Promise((resolve, reject) => {
      this.#waiters.add({ names: open, resolve, reject });
    });
  }

  /** Somebody waits for what is to be written: it lingers no longer than a tenth of a second. */
  hurry(): void {
    if (this.#pending.length + this.#dirty.size > 0) this.#flushIn(HURRY_MS);
  }

  #flushIn(ms: number): void {
    const atMs = this.#clock.now() + ms;
    if (this.#flushAtMs <= atMs) return;
    this.#flushAtMs = atMs;
    void this.#clock.sleep(ms).then(() => {
      // A batch that was full in between has taken along what this timer was set for.
      if (this.#flushAtMs === atMs) this.#flush();
    });
  }

  #flush(): void {
    this.#flushAtMs = Number.POSITIVE_INFINITY;
    const results = this.#pending.filter((one) => isHeld(one, this.#clock));
    this.#pending = [];
    const hosts = [...this.#dirty.values()].filter(({ host }) => !this.#writing.has(host.name));
    while (results.length > 0 || hosts.length > 0) {
      const someResults = results.splice(0, BATCH);
      const someHosts = hosts.splice(0, BATCH - someResults.length);
      void this.#write(someResults, someHosts);
    }
  }

  async #write(results: readonly Pending[], dirty: readonly DirtyHost[]): Promise<void> {
    for (const { host } of dirty) {
      this.#dirty.delete(host.name);
      this.#writing.add(host.name);
    }
    const held = dirty.filter(({ lease }) => lease.isHeld(this.#clock.now()));
    const records = held.map(({ host }) => ({ host: host.name, record: host.record }));
    try {
      await this.#ledger.settle(
        results.map(({ result }) => result),
        records,
      );
      for (const { resolve } of results) resolve();
      this.#hostsWritten(dirty, undefined);
    } catch (error) {
      for (const { reject } of results) reject(error);
      // What was learned since then is newer, and waits already.
      for (const one of dirty)
        if (!this.#dirty.has(one.host.name)) this.#dirty.set(one.host.name, one);
      this.#hostsWritten(dirty, { error });
    }
  }

  #hostsWritten(written: readonly DirtyHost[], failure: { readonly error: unknown } | undefined) {
    for (const { host } of written) this.#writing.delete(host.name);
    for (const waiter of this.#waiters) {
      const isMine = written.some(({ host }) => waiter.names.has(host.name));
      if (!isMine) continue;
      if (failure !== undefined) this.#end(waiter, () => waiter.reject(failure.error));
      else this.#remove(waiter, written);
    }
    if (this.#dirty.size > 0) this.#flushIn(this.#waiters.size > 0 ? HURRY_MS : LINGER_MS);
  }

  /** A host that was changed while it was written is written once more. */
  #remove(waiter: HostWaiter, written: readonly DirtyHost[]): void {
    for (const { host } of written) if (!this.#dirty.has(host.name)) waiter.names.delete(host.name);
    if (waiter.names.size === 0) this.#end(waiter, waiter.resolve);
  }

  #end(waiter: HostWaiter, tell: () => void): void {
    this.#waiters.delete(waiter);
    tell();
  }
}

/** Whether the task of a result is still this worker's; the caller is told when it is not. */
function isHeld({ lease, reject }: Pending, clock: Clock): boolean {
  const fault = lease.faultAt(clock.now());
  if (fault === undefined) return true;
  reject(fault);
  return false;
}

import type { Host } from '../hosts/hosts.ts';
import type { KeptHost } from '../ports/ledger.ts';
import type { Lease } from './lease.ts';

interface DirtyHost {
  readonly host: Host;
  readonly lease: Lease;
}

interface Waiter {
  readonly names: Set<string>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Hosts that are being written. */
export interface HostBatch {
  /** As they are written; without those whose lease is over. */
  readonly records: readonly KeptHost[];
  readonly taken: readonly DirtyHost[];
}

/**
 * Hosts of which something was learned that is not kept yet. A host is in one write at a time: of
 * two the older one might arrive last, and stay.
 */
export class DirtyHosts {
  readonly #dirty = new Map<string, DirtyHost>();
  readonly #writing = new Set<string>();
  readonly #waiters = new Set<Waiter>();

  /** Hosts that are to be written. */
  get size(): number {
    return this.#dirty.size;
  }

  /** Whether somebody waits for one of them. */
  get isAwaited(): boolean {
    return this.#waiters.size > 0;
  }

  add(host: Host, lease: Lease): void {
    this.#dirty.set(host.name, { host, lease });
  }

  /** Resolves when what was learned of them so far is kept, rejects when it is not; undefined when it is. */
  kept(names: Iterable<string>): Promise<void> | undefined {
    const open = new Set(names);
    for (const name of open)
      if (!this.#dirty.has(name) && !this.#writing.has(name)) open.delete(name);
    if (open.size === 0) return undefined;
    return new Promise((resolve, reject) => {
      this.#waiters.add({ names: open, resolve, reject });
    });
  }

  /** Names of those that may be written now. */
  idle(): readonly string[] {
    return [...this.#dirty.keys()].filter((name) => !this.#writing.has(name));
  }

  /** Takes hosts out, to be written. */
  begin(names: readonly string[], nowMs: number): HostBatch {
    const taken = names.flatMap((name) => this.#dirty.get(name) ?? []);
    for (const { host } of taken) {
      this.#dirty.delete(host.name);
      this.#writing.add(host.name);
    }
    const held = taken.filter(({ lease }) => lease.isHeld(nowMs));
    const records = held.map(({ host }) => ({ host: host.name, record: host.record }));
    return { taken, records };
  }

  /** The write of a batch is over. */
  end({ taken }: HostBatch, failure: { readonly error: unknown } | undefined): void {
    for (const one of taken) {
      const { name } = one.host;
      this.#writing.delete(name);
      // What was learned since then is newer, and waits already.
      if (failure !== undefined && !this.#dirty.has(name)) this.#dirty.set(name, one);
    }
    for (const waiter of this.#waiters) {
      const isMine = taken.some(({ host }) => waiter.names.has(host.name));
      if (!isMine) continue;
      if (failure === undefined) this.#remove(waiter, taken);
      else this.#end(waiter, () => waiter.reject(failure.error));
    }
  }

  /** A host that was changed while it was written is written once more. */
  #remove(waiter: Waiter, written: readonly DirtyHost[]): void {
    for (const { host } of written) if (!this.#dirty.has(host.name)) waiter.names.delete(host.name);
    if (waiter.names.size === 0) this.#end(waiter, waiter.resolve);
  }

  #end(waiter: Waiter, tell: () => void): void {
    this.#waiters.delete(waiter);
    tell();
  }
}

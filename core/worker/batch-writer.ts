import type { Host } from '../hosts/hosts.ts';
import type { GroupMemory } from '../memory/group-memory.ts';
import type { SettledResult } from '../model/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, ResultLimits, ResultPack } from '../ports/ledger.ts';
import type { MemoryMark } from '../ports/memory.ts';
import type { Observer } from '../ports/observer.ts';
import type { KeptDocument } from '../ports/remembered.ts';
import { DirtyHosts } from './dirty-hosts.ts';
import type { GroupHold } from './group-hold.ts';
import { keepDocuments, type ReadPages } from './keep-documents.ts';
import type { Lease } from './lease.ts';

/** Results wait for more of their group at most this long, in milliseconds. */
const LINGER_MS = 4000;
/** The first ones of a hold do not: a short run is told of soon, in milliseconds. */
const FIRST_LINGER_MS = 1000;
/** What somebody waits for is written at most this long after, in milliseconds. */
const HURRY_MS = 100;

/** Dependencies of BatchWriter. */
export interface WriterPorts {
  readonly ledger: Pick<Ledger, 'results' | 'memory'>;
  readonly clock: Clock;
  readonly observer: Observer;
}

/** Of a result that later runs remember: the memory of its group. */
export interface LearnedResult {
  readonly memory: GroupMemory;
  /** What it named, where it is a page that was read. */
  readonly document?: KeptDocument;
}

interface Pending {
  readonly result: SettledResult;
  readonly learned?: LearnedResult;
  readonly lease: Lease;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Results of a hold that wait for more of their group. */
interface Gathered {
  readonly pending: Pending[];
  /** When they are written at the latest, in milliseconds since 1970. */
  dueMs: number;
}

/** A pack with those that wait for it. */
interface Outgoing {
  readonly hold: GroupHold;
  readonly pack: ResultPack;
  readonly waiting: readonly Pending[];
}

/**
 * Writes results in packs, one for each group, and what was learned of hosts beside them: full packs
 * at once, others after some seconds. A pack costs as many write units as it has KiB, so few large
 * ones are cheaper than many small ones.
 */
export class BatchWriter {
  readonly #ledger: WriterPorts['ledger'];
  readonly #limits: ResultLimits;
  readonly #clock: Clock;
  readonly #observer: Observer;
  /** Those with results that wait: a hold knows all that is settled of its group, and is not kept. */
  readonly #gathered = new Map<GroupHold, Gathered>();
  /** Holds of which something was written. */
  readonly #begun = new WeakSet<GroupHold>();
  readonly #hosts = new DirtyHosts();
  #hostsDueMs = Number.POSITIVE_INFINITY;
  #wakesAtMs = Number.POSITIVE_INFINITY;

  constructor({ ledger, clock, observer }: WriterPorts) {
    this.#ledger = ledger;
    this.#limits = ledger.results.limits;
    this.#clock = clock;
    this.#observer = observer;
  }

  /** Resolves when the result is kept. @throws LeaseOverError when the time for its task is over */
  settle(
    result: SettledResult,
    lease: Lease,
    hold: GroupHold,
    learned?: LearnedResult,
  ): Promise<void> {
    const gathered = this.#gatheredOf(hold);
    return new Promise((resolve, reject) => {
      gathered.pending.push({ result, learned, lease, resolve, reject });
      if (gathered.pending.length >= this.#limits.packResults) this.#flush([hold]);
      else this.#dueIn(gathered, this.#begun.has(hold) ? LINGER_MS : FIRST_LINGER_MS);
    });
  }

  /** Somebody waits for the results of this group: they linger no longer than a tenth of a second. */
  hurry(hold: GroupHold): void {
    const gathered = this.#gathered.get(hold);
    if (gathered !== undefined) this.#dueIn(gathered, HURRY_MS);
  }

  /** The host's record is written soon, as it is then. */
  keepHost(host: Host, lease: Lease): void {
    this.#hosts.add(host, lease);
    if (this.#hosts.size >= this.#limits.writes) this.#flush([]);
    else this.#hostsDueIn(FIRST_LINGER_MS);
  }

  /** Resolves when all that was learned of these hosts so far is kept. Rejects when it is not. */
  hostsKept(names: Iterable<string>): Promise<void> {
    const kept = this.#hosts.kept(names);
    if (kept === undefined) return Promise.resolve();
    this.#hostsDueIn(HURRY_MS);
    return kept;
  }

  #gatheredOf(hold: GroupHold): Gathered {
    const known = this.#gathered.get(hold);
    if (known !== undefined) return known;
    const gathered: Gathered = { pending: [], dueMs: Number.POSITIVE_INFINITY };
    this.#gathered.set(hold, gathered);
    return gathered;
  }

  #dueIn(gathered: Gathered, ms: number): void {
    gathered.dueMs = Math.min(gathered.dueMs, this.#clock.now() + ms);
    this.#wakeAt(gathered.dueMs);
  }

  #hostsDueIn(ms: number): void {
    this.#hostsDueMs = Math.min(this.#hostsDueMs, this.#clock.now() + ms);
    this.#wakeAt(this.#hostsDueMs);
  }

  #wakeAt(atMs: number): void {
    if (this.#wakesAtMs <= atMs) return;
    this.#wakesAtMs = atMs;
    void this.#clock.sleep(Math.max(0, atMs - this.#clock.now())).then(() => {
      if (this.#wakesAtMs !== atMs) return;
      this.#wakesAtMs = Number.POSITIVE_INFINITY;
      this.#flushDue();
    });
  }

  #flushDue(): void {
    const now = this.#clock.now();
    const due = [...this.#gathered].filter(([, { dueMs }]) => dueMs <= now);
    if (due.length > 0 || this.#hostsDueMs <= now) this.#flush(due.map(([hold]) => hold));
    const left = [...this.#gathered.values()].map(({ dueMs }) => dueMs);
    const nextMs = Math.min(this.#hostsDueMs, ...left);
    if (nextMs < Number.POSITIVE_INFINITY) this.#wakeAt(nextMs);
  }

  /** Writes what is gathered of these groups, and of all hosts. */
  #flush(holds: readonly GroupHold[]): void {
    const { writes } = this.#limits;
    const packs = holds.flatMap((hold) => this.#take(hold));
    this.#hostsDueMs = Number.POSITIVE_INFINITY;
    const hosts = [...this.#hosts.idle()];
    while (packs.length > 0 || hosts.length > 0) {
      const somePacks = packs.splice(0, writes);
      const someHosts = hosts.splice(0, writes - somePacks.length);
      void this.#write(somePacks, someHosts);
    }
  }

  #take(hold: GroupHold): readonly Outgoing[] {
    const gathered = this.#gathered.get(hold);
    if (gathered === undefined) return [];
    this.#gathered.delete(hold);
    this.#begun.add(hold);
    const waiting = gathered.pending.filter((one) => isHeld(one, this.#clock));
    if (waiting.length === 0) return [];
    return [{ hold, waiting, pack: hold.pack(waiting.map(({ result }) => result)) }];
  }

  async #withDocuments(
    outgoing: readonly Outgoing[],
    pages: readonly ReadPages[],
  ): Promise<readonly ResultPack[]> {
    const { memory } = this.#ledger;
    const placed = await keepDocuments(pages, { memory, observer: this.#observer });
    return outgoing.map(({ pack }) => {
      return { ...pack, results: pack.results.map((result) => placed.get(result) ?? result) };
    });
  }

  async #write(outgoing: readonly Outgoing[], hosts: readonly string[]): Promise<void> {
    const batch = this.#hosts.begin(hosts, this.#clock.now());
    try {
      const pages = readPagesOf(outgoing);
      const packs =
        pages.length === 0
          ? outgoing.map(({ pack }) => pack)
          : await this.#withDocuments(outgoing, pages);
      const marks = marksOf(outgoing);
      const told = marks.map(({ mark }) => mark);
      await this.#ledger.results.settle(packs, batch.records, told);
      for (const { hold, pack } of outgoing) hold.packKept(pack);
      for (const { memory, mark } of marks) memory.markKept(mark);
      for (const { resolve } of outgoing.flatMap(({ waiting }) => waiting)) resolve();
      this.#hosts.end(batch, undefined);
    } catch (error) {
      for (const { reject } of outgoing.flatMap(({ waiting }) => waiting)) reject(error);
      this.#hosts.end(batch, { error });
    }
    if (this.#hosts.size > 0) this.#hostsDueIn(this.#hosts.isAwaited ? HURRY_MS : FIRST_LINGER_MS);
  }
}

/** What pages named that were read, by group. */
function readPagesOf(outgoing: readonly Outgoing[]): readonly ReadPages[] {
  return outgoing.flatMap(({ waiting }) => {
    const pages = waiting.flatMap(({ result, learned }) => {
      const document = learned?.document;
      return document === undefined ? [] : { result, document };
    });
    const memory = memoryOf(waiting);
    return memory === undefined || pages.length === 0 ? [] : { memory, pages };
  });
}

interface Marked {
  readonly memory: GroupMemory;
  readonly mark: MemoryMark;
}

/** What makes these results findable for later runs, where that is not kept yet. */
function marksOf(outgoing: readonly Outgoing[]): readonly Marked[] {
  return outgoing.flatMap(({ waiting }) => {
    const memory = memoryOf(waiting);
    const mark = memory?.mark;
    return memory === undefined || mark === undefined ? [] : { memory, mark };
  });
}

function memoryOf(waiting: readonly Pending[]): GroupMemory | undefined {
  return waiting.find(({ learned }) => learned !== undefined)?.learned?.memory;
}

/** Whether the task of a result is still this worker's; the caller is told when it is not. */
function isHeld({ lease, reject }: Pending, clock: Clock): boolean {
  const fault = lease.faultAt(clock.now());
  if (fault === undefined) return true;
  reject(fault);
  return false;
}

import { verdictOf } from '../model/outcome.ts';
import type { SettledResult } from '../model/result.ts';
import { urlDigest } from '../model/url-digest.ts';
import type {
  GroupIndex,
  GroupLog,
  IndexSection,
  KeptPack,
  PackPlace,
  ResultPack,
  SettledUrl,
} from '../ports/ledger.ts';
import type { KnownEnd } from './settled-in-round.ts';

/** A pack that no index covers, as far as this worker knows. */
interface TailPack {
  readonly place: PackPlace;
  readonly results: readonly SettledUrl[];
  /** Whether it is known to be kept: a write that was not answered may have had its effect. */
  isKept: boolean;
}

/**
 * A group of a run while this worker holds it: what is settled in it, and the packs that are not in
 * its index. What is known stays true, so another `enter` only adds to it.
 */
export class GroupHold {
  readonly runId: string;
  readonly group: string;
  #hold = 0;
  #parts = 0;
  /** By digest of the URL. */
  readonly #known = new Map<string, KnownEnd>();
  /** By place, in the order of the log. */
  readonly #tail = new Map<string, TailPack>();
  readonly #doneTasks = new Set<string>();

  constructor(runId: string, group: string) {
    this.runId = runId;
    this.group = group;
  }

  /** Takes over what the ledger tells of the group when it is entered, for the first time or again. */
  learn({ hold, index, packs }: GroupLog): void {
    this.#hold = hold;
    this.#parts = 0;
    for (const section of index) this.#learnSection(section);
    for (const pack of packs) this.#learnPack(pack);
  }

  /** The number of this hold: no other hold of the group has it. */
  get number(): number {
    return this.#hold;
  }

  /** How a URL ended, if it did. */
  find(url: string): KnownEnd | undefined {
    return this.#known.get(urlDigest(url));
  }

  /** A pack of these results, in the next place of this hold. */
  pack(results: readonly SettledResult[]): ResultPack {
    const place = { hold: this.#hold, part: this.#parts };
    this.#parts += 1;
    this.#tail.set(nameOf(place), { place, results: results.map(toSettled), isKept: false });
    return { runId: this.runId, group: this.group, ...place, results };
  }

  /** The write of a pack was answered. */
  packKept(place: PackPlace): void {
    const pack = this.#tail.get(nameOf(place));
    if (pack === undefined) return;
    pack.isKept = true;
    for (const result of pack.results) this.#learnResult(result);
  }

  /** A task was recorded as done. */
  taskDone(taskId: string): void {
    this.#doneTasks.add(taskId);
  }

  /** Results that no index covers. */
  get unindexed(): number {
    let results = 0;
    for (const pack of this.#tail.values()) results += pack.results.length;
    return results;
  }

  /** At most `max` tasks with results that no index covers, and of which it is not known that they are done. */
  doubtfulTasks(max: number): readonly string[] {
    const ids = new Set<string>();
    for (const { results } of this.#tail.values())
      for (const { taskId } of results) if (!this.#doneTasks.has(taskId)) ids.add(taskId);
    return [...ids].slice(0, max);
  }

  /**
   * The next part of the index: it covers every pack up to the first one that may not be kept, or has
   * a result of a task that may not be done; no more than `maxResults`. Undefined when there is none.
   */
  nextIndex(maxResults: number): GroupIndex | undefined {
    const covered: TailPack[] = [];
    let results = 0;
    for (const pack of this.#tail.values()) {
      results += pack.results.length;
      if (results > maxResults || !this.#isOver(pack)) break;
      covered.push(pack);
    }
    const last = covered.at(-1);
    if (last === undefined) return undefined;
    const sections = sectionsOf(covered.flatMap((pack) => pack.results));
    return { runId: this.runId, group: this.group, upTo: last.place, sections };
  }

  /** The index covers all packs up to there. */
  indexed(upTo: PackPlace): void {
    for (const [name, { place }] of this.#tail) {
      if (isAfter(place, upTo)) return;
      this.#tail.delete(name);
    }
  }

  #isOver({ isKept, results }: TailPack): boolean {
    return isKept && results.every(({ taskId }) => this.#doneTasks.has(taskId));
  }

  #learnSection({ round, passing, digests }: IndexSection): void {
    const end: KnownEnd = { round, passing };
    for (const digest of digests) this.#learnEnd(digest, end);
  }

  #learnPack({ place, results }: KeptPack): void {
    if (place !== undefined) this.#tail.set(nameOf(place), { place, results, isKept: true });
    for (const result of results) this.#learnResult(result);
  }

  #learnResult(settled: SettledUrl): void {
    const { round, reason, url } = settled;
    this.#learnEnd(urlDigest(url), { round, passing: isPassing(reason), settled });
  }

  /** Of several results that of the highest round counts, of these the last one. */
  #learnEnd(digest: string, end: KnownEnd): void {
    const known = this.#known.get(digest);
    if (known === undefined || known.round <= end.round) this.#known.set(digest, end);
  }
}

function toSettled(result: SettledResult): SettledUrl {
  const { url, status, reason, bytes = 0, kind, format, taskId, round } = result;
  const { httpStatus, unchanged } = result;
  return { url, status, reason, bytes, kind, format, httpStatus, unchanged, taskId, round };
}

function isPassing(reason: SettledUrl['reason']): boolean {
  return reason !== null && verdictOf(reason).passing;
}

function sectionsOf(results: readonly SettledUrl[]): readonly IndexSection[] {
  const alike = Map.groupBy(results, ({ round, reason }) => `${round} ${isPassing(reason)}`);
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { round, reason } = first;
    return { round, passing: isPassing(reason), digests: same.map(({ url }) => urlDigest(url)) };
  });
}

function nameOf({ hold, part }: PackPlace): string {
  return `${hold} ${part}`;
}

function isAfter(a: PackPlace, b: PackPlace): boolean {
  return a.hold > b.hold || (a.hold === b.hold && a.part > b.part);
}

import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { hostOf } from '../../core/model/canonical-url.ts';
import type { Reason } from '../../core/model/outcome.ts';
import { DistinctPictures } from './distinct-pictures.ts';
import { Most } from './most.ts';
import { Spread } from './spread.ts';
import { Timeline } from './timeline.ts';

/** Hosts that are told apart; those met later are one line. */
const MOST_HOSTS = 100_000;
/** Results shown of each reason. */
const SAMPLES = 10;
const LONGEST_LIST = 20;
const THUMBNAILS = 24;
/** Broken links that are shown. */
const BROKEN_LINKS = 300;

/** What a page says of a group of results: a host, or a format. */
export interface GroupFigures {
  readonly name: string;
  succeeded: number;
  failed: number;
  skipped: number;
  bytes: number;
  readonly reasons: Partial<Record<Reason, number>>;
}

/** Results that ended for one reason: how many, and some of them. */
export interface ReasonFigures {
  readonly reason: Reason;
  count: number;
  readonly samples: ResultLine[];
}

/** Sums over a run's results for its report; memory is bounded whatever their number. */
export class RunFigures {
  readonly #hosts = new Map<string, GroupFigures>();
  readonly #formats = new Map<string, GroupFigures>();
  readonly #reasons = new Map<Reason, ReasonFigures>();
  readonly #others = emptyGroup('other hosts');
  readonly bytes = new Spread();
  readonly longEdges = new Spread();
  readonly durationsMs = new Spread();
  readonly timeline = new Timeline();
  readonly slowest = new Most<ResultLine>(LONGEST_LIST, ({ durationMs = 0 }) => durationMs);
  readonly largest = new Most<ResultLine>(LONGEST_LIST, ({ bytes = 0 }) => bytes);
  /** A hash is as good as a dice, and throws the same for the same run. */
  readonly thumbnails = new Most<ResultLine>(THUMBNAILS, ({ sha256 = '' }) => sha256);
  /** Failed URLs that a page names, the first few hundred. */
  readonly brokenLinks: ResultLine[] = [];
  brokenLinkCount = 0;
  readonly #distinct = new DistinctPictures();
  /** Targets that were asked more than once. */
  retried = 0;
  redirected = 0;

  /** Adds a result; whether it is the first one with its picture. */
  add(result: ResultLine): boolean {
    const { url, attempts = 0, durationMs = 0, fetchedAt, finalUrl } = result;
    addTo(this.#groupOf(url.startsWith('data:') ? 'inside pages' : hostOf(url)), result);
    if (fetchedAt !== undefined) this.timeline.add(Date.parse(fetchedAt));
    if (attempts > 0) {
      this.durationsMs.add(durationMs);
      this.slowest.offer(result);
    }
    if (attempts > 1) this.retried += 1;
    if (finalUrl !== undefined) this.redirected += 1;
    if (result.reason !== null) this.#addReason(result, result.reason);
    if (result.status === 'failed' && result.foundOn !== undefined) this.#addBrokenLink(result);
    return result.status === 'succeeded' && this.#addImage(result);
  }

  /** Pictures whose bytes differ. */
  get distinct(): number {
    return this.#distinct.size;
  }

  /** Those with most targets first; hosts that were not told apart are one line at the end. */
  hosts(): readonly GroupFigures[] {
    const told = [...this.#hosts.values()].toSorted((a, b) => targetsOf(b) - targetsOf(a));
    return targetsOf(this.#others) > 0 ? [...told, this.#others] : told;
  }

  /** Formats of what succeeded, the most frequent first. */
  formats(): readonly GroupFigures[] {
    return [...this.#formats.values()].toSorted((a, b) => targetsOf(b) - targetsOf(a));
  }

  /** The most frequent first. */
  reasons(): readonly ReasonFigures[] {
    return [...this.#reasons.values()].toSorted((a, b) => b.count - a.count);
  }

  #groupOf(host: string): GroupFigures {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    if (this.#hosts.size >= MOST_HOSTS) return this.#others;
    const group = emptyGroup(host);
    this.#hosts.set(host, group);
    return group;
  }

  #addImage(result: ResultLine): boolean {
    const { format, bytes = 0, width, height, file, sha256 } = result;
    if (format === undefined) return false;
    const group = this.#formats.get(format) ?? emptyGroup(format);
    this.#formats.set(format, group);
    addTo(group, result);
    this.bytes.add(bytes);
    if (width !== undefined && height !== undefined) this.longEdges.add(Math.max(width, height));
    this.largest.offer(result);
    const isNew = sha256 !== undefined && this.#distinct.add(sha256);
    if (file !== undefined && isNew) this.thumbnails.offer(result);
    return isNew;
  }

  #addBrokenLink(result: ResultLine): void {
    this.brokenLinkCount += 1;
    if (this.brokenLinks.length < BROKEN_LINKS) this.brokenLinks.push(result);
  }

  #addReason(result: ResultLine, reason: Reason): void {
    const known = this.#reasons.get(reason) ?? { reason, count: 0, samples: [] };
    this.#reasons.set(reason, known);
    known.count += 1;
    if (known.samples.length < SAMPLES) known.samples.push(result);
  }
}

/** Targets of a group. */
export function targetsOf({ succeeded, failed, skipped }: GroupFigures): number {
  return succeeded + failed + skipped;
}

function emptyGroup(name: string): GroupFigures {
  return { name, succeeded: 0, failed: 0, skipped: 0, bytes: 0, reasons: {} };
}

function addTo(group: GroupFigures, { status, reason, bytes = 0 }: ResultLine): void {
  group[status] += 1;
  if (status === 'succeeded') group.bytes += bytes;
  if (reason !== null) group.reasons[reason] = (group.reasons[reason] ?? 0) + 1;
}

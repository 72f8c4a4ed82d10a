import { MAX_URL_LENGTH, type ParsedUrl } from '../model/canonical-url.ts';
import type { Find } from '../model/find.ts';
import { encodeColumns } from '../model/given-columns.ts';
import { type Grouping, hostGroup } from '../model/host-group.ts';
import { portionsOf } from '../model/portions.ts';
import { spelled } from '../model/request-url.ts';
import type { Checkpoint, Run, SeedList } from '../model/run.ts';
import { groupingOf } from '../model/run-grouping.ts';
import type { Target, Task, TaskLimits } from '../model/task.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { SeedLine } from '../ports/seed-source.ts';
import type { LaneStarter } from './lane-starter.ts';
import type { ListReader } from './list-reader.ts';
import { readSeedLine } from './read-seed-line.ts';
import { WindowPacker } from './window-packer.ts';

/** Dependencies of a window, and its bounds. */
export interface WindowPorts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly starter: LaneStarter;
  readonly taskLimits: TaskLimits;
  readonly windowSize: number;
  /** A window that is not written by then is given up, in milliseconds since 1970. */
  readonly notAfterMs: number;
}

/** A window was given up: the next invocation seeds it, under the same ids. */
export class LateWindowError extends Error {
  override readonly name = 'LateWindowError';
  constructor({ name }: SeedList, window: number) {
    super(
      `window ${window} of the run, from line to line of ${name}, was not written in the time ` +
        'that was left: where it is the first one of an invocation, lower windowSize or split the list',
    );
  }
}

/** Bad lines shown to the person; all are counted. */
const MAX_SAMPLES = 20;
/** Entries of a list for each URL of a window, after which it is closed: few of them may be new. */
const WINDOW_LINES = 10;
/** Entries between two looks at the clock. */
const LOOK_EVERY = 1000;
/** Tasks, or marks, that are written between two looks at the clock. */
const PORTION = 400;

/**
 * One window: read, canonical, each URL once, packed, written into the backlog; then its lanes are
 * begun, and only then the checkpoint moves. @throws LateWindowError
 */
export async function seedWindow(
  run: Run,
  list: SeedList,
  reader: ListReader,
  ports: WindowPorts,
): Promise<void> {
  const window = new Window(run, list, ports);
  await reader.read(list, run.checkpoint, (entry) => window.take(entry));
  await window.write();
  await ports.ledger.runs.checkpoint(run, window.checkpoint(), false);
  ports.starter.passed(window.tasks);
}

type GoodUrl = Extract<ParsedUrl, { readonly kind: 'url' }>;

/** The line's own text, by which results are joined with the list; what is requested where it is too long. */
function spelledLine({ url, requestUrl }: GoodUrl, { text = '' }: SeedLine): Target {
  return spelled(url, text.length > MAX_URL_LENGTH ? requestUrl : text);
}

class Window {
  readonly #run: Run;
  readonly #list: SeedList;
  readonly #ports: WindowPorts;
  readonly #grouping: Grouping;
  readonly #packer: WindowPacker;
  readonly #urls = new Set<string>();
  tasks: readonly Task[] = [];
  #entries = 0;
  #last: SeedLine | undefined;
  #badLines = 0;
  #badSamples: string[] = [];
  #closed = false;

  constructor(run: Run, list: SeedList, ports: WindowPorts) {
    this.#run = run;
    this.#list = list;
    this.#ports = ports;
    this.#grouping = groupingOf(run);
    this.#packer = new WindowPacker(
      { runId: run.runId, round: list.round, window: run.checkpoint.window },
      ports.taskLimits,
    );
  }

  /** Takes a line; true when the window is full. */
  take(entry: SeedLine): boolean {
    this.#last = entry;
    this.#entries += 1;
    if (this.#entries % LOOK_EVERY === 0) this.#checkTime();
    const parsed = readSeedLine(entry);
    if (parsed.kind === 'bad') this.#refuse(entry, parsed.problem);
    else
      this.#add(parsed, {
        ...spelledLine(parsed, entry),
        ...(entry.find ?? this.#usual),
        expectedHash: entry.find?.expectedHash ?? entry.expectedHash,
        columnsJson: entry.columns ? encodeColumns(entry.columns) : entry.find?.columnsJson,
      });
    this.#closed = this.#ceilingReached() || (entry.goesOn !== true && this.#isFull);
    return this.#closed;
  }

  /** Writes what was taken, and begins its lanes. */
  async write(): Promise<void> {
    this.tasks = this.#packer.tasks();
    if (this.tasks.length === 0) return;
    const { ledger, starter } = this.#ports;
    await this.#tellCeilings();
    for (const portion of portionsOf(this.tasks, PORTION)) {
      this.#checkTime();
      await ledger.backlog.add(portion);
    }
    if (this.#run.settings.pages !== undefined) await this.#mark();
    await starter.begin(this.#run, this.tasks);
  }

  #checkTime(): void {
    const { clock, notAfterMs } = this.#ports;
    if (clock.now() > notAfterMs)
      throw new LateWindowError(this.#list, this.#run.checkpoint.window);
  }

  /** A link back to a page of the list is no find. */
  async #mark(): Promise<void> {
    const { frontier } = this.#ports.ledger;
    const marks = this.tasks.flatMap(({ group, targets }) =>
      targets.map(({ url }) => ({ url, group })),
    );
    for (const portion of portionsOf(marks, PORTION)) {
      this.#checkTime();
      await frontier.mark(this.#run.runId, portion);
    }
  }

  /** Before they are sent: what is found in them finds them counted. */
  async #tellCeilings(): Promise<void> {
    const { runId, settings, checkpoint } = this.#run;
    if (settings.pages === undefined || this.#list.round > 0) return;
    const { frontier } = this.#ports.ledger;
    await frontier.countSeeds(runId, checkpoint.targets + this.#urls.size);
  }

  checkpoint(): Checkpoint {
    const before = this.#run.checkpoint;
    const goOn = this.#closed && !this.#ceilingReached();
    const lists = this.#ceilingReached() ? this.#nextRound() : before.list + 1;
    return {
      window: before.window + 1,
      list: goOn ? before.list : lists,
      line: goOn ? (this.#last?.line ?? before.line) : 0,
      byte: goOn ? (this.#last?.endByte ?? before.byte) : 0,
      tasks: before.tasks + this.tasks.length,
      targets: before.targets + this.#urls.size,
      badLines: before.badLines + this.#badLines,
      badSamples: [...before.badSamples, ...this.#badSamples].slice(0, MAX_SAMPLES),
      movedMs: this.#ports.clock.now(),
    };
  }

  get #isFull(): boolean {
    const { windowSize } = this.#ports;
    return this.#urls.size >= windowSize || this.#entries >= windowSize * WINDOW_LINES;
  }

  /** What the URLs of a person's lists are. */
  get #usual(): Find {
    return this.#run.settings.pages === undefined ? {} : { kind: 'page', depth: 0 };
  }

  /** Of several spellings of one URL the first is requested. */
  #add({ host }: GoodUrl, target: Target): void {
    const { url } = target;
    if (this.#urls.has(url)) return;
    this.#urls.add(url);
    const group = hostGroup(url, host, this.#grouping);
    this.#packer.add(group, host, target);
  }

  #refuse({ line }: SeedLine, problem: string): void {
    this.#badLines += 1;
    if (this.#badSamples.length < MAX_SAMPLES) {
      this.#badSamples.push(`${this.#list.name}:${line}: ${problem}`);
    }
  }

  /** The ceiling is one of the first seeding: what a retry asks again was below it. */
  #nextRound(): number {
    const { lists } = this.#run;
    const next = lists.findIndex(({ round }) => round > this.#list.round);
    return next === -1 ? lists.length : next;
  }

  #ceilingReached(): boolean {
    const { maxUrls, pages } = this.#run.settings;
    const ceilings = [maxUrls, pages?.maxPages ?? 0].filter((ceiling) => ceiling > 0);
    if (this.#list.round > 0) return false;
    return this.#run.checkpoint.targets + this.#urls.size >= Math.min(...ceilings);
  }
}

import { type Grouping, hostGroup } from '../hosts/host-group.ts';
import { MAX_URL_LENGTH, type ParsedUrl } from '../model/canonical-url.ts';
import type { Find } from '../model/find.ts';
import { portionsOf } from '../model/portions.ts';
import { spelled } from '../model/request-url.ts';
import type { Checkpoint, Run, SeedList } from '../model/run.ts';
import { groupingOf } from '../model/run-grouping.ts';
import { MAX_TASK_TARGETS, type Target, type Task } from '../model/task.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { SeedLine, SeedSource } from '../ports/seed-source.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import { ListReader } from './list-reader.ts';
import { readSeedLine } from './read-seed-line.ts';
import { WindowPacker } from './window-packer.ts';

/** Dependencies of seeding. */
export interface SeedPorts {
  readonly clock: Clock;
  readonly queue: TaskQueue;
  readonly ledger: Ledger;
  readonly source: SeedSource;
  /** URLs read before a window is closed: the reach of deduplication, the step of the checkpoint. */
  readonly windowSize: number;
  /** Seeding waits while more tasks than this wait in the queue. */
  readonly maxQueuedTasks: number;
  /** Told of each step that broke and is tried again: half a minute of silence tells nobody why. */
  readonly onFault?: (error: unknown) => void;
}

/** How one invocation of the seeder ended. */
export type Seeded =
  | { readonly kind: 'finished' }
  /** Time is nearly over: go on from the checkpoint with another invocation. */
  | { readonly kind: 'hand-over' }
  | { readonly kind: 'cancelled' };

/** Bad lines shown to the person; all are counted. */
const MAX_SAMPLES = 20;
/** Kept for closing a window and handing over, in milliseconds. */
const CLOSING_MS = 20_000;
/** How often a full queue is looked at, in milliseconds. */
const FULL_QUEUE_MS = 1000;

/** Steps in a row that broke, after which seeding does: half a minute of trying. */
const MAX_FAULTS = 6;
/** Wait after the first of them, in milliseconds; twice as long after each more. */
const FAULT_MS = 1000;
/** Entries of a list for each URL of a window, after which it is closed: few of them may be new. */
const WINDOW_LINES = 10;

/**
 * Turns a run's lists into tasks, window by window. Every window is deterministic in its text, so
 * a seeder that dies or breaks repeats at most one, under the same ids. Rejects on infrastructure
 * errors that last: a seeder that threw is invoked three times at most.
 */
export async function seed(runId: string, deadlineMs: number, ports: SeedPorts): Promise<Seeded> {
  const reader = new ListReader(ports.source);
  try {
    return await seedSteps(runId, deadlineMs, ports, reader);
  } finally {
    await reader.close();
  }
}

async function seedSteps(
  runId: string,
  deadlineMs: number,
  ports: SeedPorts,
  reader: ListReader,
): Promise<Seeded> {
  let mayBeHalf = true;
  for (let faults = 0; ; ) {
    try {
      const seeded = await seedNext(runId, deadlineMs, mayBeHalf, ports, reader);
      if (seeded !== undefined) return seeded;
      mayBeHalf = false;
      faults = 0;
    } catch (error) {
      faults += 1;
      mayBeHalf = true;
      const waitMs = FAULT_MS * 2 ** (faults - 1);
      const hasTime = ports.clock.now() + waitMs < deadlineMs - CLOSING_MS;
      if (faults === MAX_FAULTS || !hasTime) throw error;
      ports.onFault?.(error);
      await ports.clock.sleep(waitMs);
    }
  }
}

/**
 * One step; undefined when there may be another. Of a cancelled run a window is seeded all the same
 * that may be half sent: by a seeder that died, or a step that broke. Its tasks would otherwise be
 * open and not counted, and the run be held to have ended. So are the windows that had been sent
 * before the queue was lost.
 */
async function seedNext(
  runId: string,
  deadlineMs: number,
  mayBeHalf: boolean,
  ports: SeedPorts,
  reader: ListReader,
): Promise<Seeded | undefined> {
  const { runs } = ports.ledger;
  const run = await runs.read(runId);
  if (run === undefined) throw new Error(`no run ${runId} in the ledger`);
  if (run.seeding === 'finished') return { kind: 'finished' };
  const list = run.lists[run.checkpoint.list];
  const wasSent = run.checkpoint.window < (run.reseedTo ?? 0);
  if (list === undefined || (run.cancelled && !mayBeHalf && !wasSent)) {
    await runs.checkpoint(run, run.checkpoint, true);
    return run.cancelled ? { kind: 'cancelled' } : undefined;
  }
  if (!(await roomInQueue(deadlineMs, ports))) return { kind: 'hand-over' };
  await seedWindow(run, list, ports, reader);
  return undefined;
}

type GoodUrl = Extract<ParsedUrl, { readonly kind: 'url' }>;

/** The line's own text, by which results are joined with the list; what is requested where it is too long. */
function spelledLine({ url, requestUrl }: GoodUrl, { text = '' }: SeedLine): Target {
  return spelled(url, text.length > MAX_URL_LENGTH ? requestUrl : text);
}

/** Waits until the queue has room for more; false when time runs out before. */
async function roomInQueue(deadlineMs: number, { clock, queue, maxQueuedTasks }: SeedPorts) {
  for (;;) {
    if (clock.now() > deadlineMs - CLOSING_MS) return false;
    if ((await queue.depth()) <= maxQueuedTasks) return true;
    await clock.sleep(FULL_QUEUE_MS);
  }
}

/** One window: read, canonical, each URL once, packed, sent, and then the checkpoint moves. */
async function seedWindow(
  run: Run,
  list: SeedList,
  ports: SeedPorts,
  reader: ListReader,
): Promise<void> {
  const window = new Window(run, list, ports);
  await reader.read(list, run.checkpoint, (entry) => window.take(entry));
  await window.send();
  await ports.ledger.runs.checkpoint(run, window.checkpoint(), false);
}

class Window {
  readonly #run: Run;
  readonly #list: SeedList;
  readonly #ports: SeedPorts;
  readonly #grouping: Grouping;
  readonly #packer: WindowPacker;
  readonly #urls = new Set<string>();
  #tasks = 0;
  #entries = 0;
  #last: SeedLine | undefined;
  #badLines = 0;
  #badSamples: string[] = [];
  #closed = false;

  constructor(run: Run, list: SeedList, ports: SeedPorts) {
    this.#run = run;
    this.#list = list;
    this.#ports = ports;
    this.#grouping = groupingOf(run);
    this.#packer = new WindowPacker(run.runId, list.round, run.checkpoint.window);
  }

  /** Takes a line; true when the window is full. */
  take(entry: SeedLine): boolean {
    this.#last = entry;
    this.#entries += 1;
    const parsed = readSeedLine(entry);
    if (parsed.kind === 'bad') this.#refuse(entry, parsed.problem);
    else
      this.#add(parsed, {
        ...spelledLine(parsed, entry),
        ...(entry.find ?? this.#usual),
        expectedHash: entry.find?.expectedHash ?? entry.expectedHash,
      });
    this.#closed = this.#ceilingReached() || (entry.goesOn !== true && this.#isFull);
    return this.#closed;
  }

  /** Sends what was taken. */
  async send(): Promise<void> {
    const tasks = this.#packer.tasks();
    this.#tasks = tasks.length;
    if (tasks.length > 0) await this.#tellCeilings();
    for (let at = 0; at < tasks.length; at += MAX_TASK_TARGETS) {
      const portion = tasks.slice(at, at + MAX_TASK_TARGETS);
      const ids = portion.map(({ taskId }) => taskId);
      // A run that goes on after its queue was lost meets its own finished tasks again.
      const done = await this.#ports.ledger.tasks.doneAmong(this.#run.runId, ids);
      await this.#ports.queue.send(portion.filter(({ taskId }) => !done.has(taskId)));
      if (this.#run.settings.pages !== undefined) await this.#mark(portion);
    }
  }

  /** A link back to a page of the list is no find. */
  async #mark(tasks: readonly Task[]): Promise<void> {
    const marks = tasks.flatMap(({ group, targets }) => targets.map(({ url }) => ({ url, group })));
    for (const part of portionsOf(marks, 25))
      await this.#ports.ledger.frontier.mark(this.#run.runId, part);
  }

  /** Before they are sent: what is found in them finds them counted. */
  async #tellCeilings(): Promise<void> {
    const { runId, settings, checkpoint } = this.#run;
    if (settings.pages === undefined || this.#list.round > 0) return;
    await this.#ports.ledger.frontier.countSeeds(runId, checkpoint.targets + this.#urls.size);
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
      tasks: before.tasks + this.#tasks,
      targets: before.targets + this.#urls.size,
      badLines: before.badLines + this.#badLines,
      badSamples: [...before.badSamples, ...this.#badSamples].slice(0, MAX_SAMPLES),
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

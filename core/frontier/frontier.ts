import { hash } from 'node:crypto';
import { type Finds, mergeFinds } from '../model/finds.ts';
import { type Grouping, groupOfUrl } from '../model/host-group.ts';
import type { Run } from '../model/run.ts';
import { groupingOf } from '../model/run-grouping.ts';
import type { Target, Task } from '../model/task.ts';
import { TaskPacker } from '../model/task-packer.ts';
import type { Clock } from '../ports/clock.ts';
import type { Mark } from '../ports/frontier-ledger.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import { KnownUrls } from './known-urls.ts';
import { RunCeilings } from './run-ceilings.ts';

/** Dependencies of the frontier. */
export interface FrontierPorts {
  readonly clock: Clock;
  readonly queue: TaskQueue;
  readonly ledger: Ledger;
  /** Whether the worker has no request under way and none that could be: no other page brings finds then. */
  readonly isIdle: () => boolean;
}

interface Pending {
  readonly finds: Finds;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Open {
  readonly run: Run;
  readonly round: number;
  pending: Pending[];
  size: number;
  isLingering: boolean;
  /** The flush that is under way, or the last one; never rejects. */
  last: Promise<void>;
}

/** Finds that are looked at together at most, so that memory and one flush stay small. */
const MAX_TOGETHER = 2000;
/** Finds wait for those of other pages at most this long, in milliseconds: they fill tasks together. */
const LINGER_MS = 500;
/** How often they look whether any other page may still bring some, in milliseconds. */
const LOOK_MS = 50;

/**
 * The frontier of runs over pages, spread over all workers. What is new is sent, then known to the
 * ledger, then marked, and only then is the page that named it settled:
 *
 *     look up ─ reserve ─ send ─ register ─ mark ─ settle the page
 *
 * A worker that dies in between leaves the page unsettled: it is visited again, and finds again what
 * was not marked. A URL that two workers find at once is sent twice, in tasks of one group: the
 * second finds it settled. So none is lost, and none is visited twice.
 */
export class Frontier {
  readonly #ports: FrontierPorts;
  readonly #known = new KnownUrls();
  readonly #ceilings: RunCeilings;
  readonly #open = new Map<string, Open>();

  constructor(ports: FrontierPorts) {
    this.#ports = ports;
    this.#ceilings = new RunCeilings(ports.ledger.frontier);
  }

  /** Resolves when everything that was found is safe. Rejects on infrastructure errors. */
  extend(run: Run, { round }: Pick<Task, 'round'>, finds: Finds): Promise<void> {
    const open = this.#openFor(run, round);
    return new Promise((resolve, reject) => {
      open.pending.push({ finds, resolve, reject });
      open.size += finds.targets.length + finds.leftOut.length;
      if (open.size >= MAX_TOGETHER) void this.#flushOne(open);
      else this.#linger(open);
    });
  }

  /** Waits for no more company. Never throws: who waits for a find is told. */
  async flush(): Promise<void> {
    await Promise.all([...this.#open.values()].map((open) => this.#flushOne(open)));
  }

  #openFor(run: Run, round: number): Open {
    const key = `${run.runId} ${round}`;
    const open = this.#open.get(key);
    if (open !== undefined) return open;
    const fresh: Open = {
      run,
      round,
      pending: [],
      size: 0,
      isLingering: false,
      last: Promise.resolve(),
    };
    this.#open.set(key, fresh);
    return fresh;
  }

  #linger(open: Open): void {
    if (open.isLingering) return;
    open.isLingering = true;
    void this.#untilAlone().then(() => {
      open.isLingering = false;
      return this.#flushOne(open);
    });
  }

  /** Pages that follow one another, each found on the one before, would each wait for the whole time. */
  async #untilAlone(): Promise<void> {
    const { clock, isIdle } = this.#ports;
    for (let waitedMs = 0; waitedMs < LINGER_MS; waitedMs += LOOK_MS) {
      await clock.sleep(LOOK_MS);
      if (isIdle()) return;
    }
  }

  /** One after the other: what two of them share is looked up by the second when the first has marked it. */
  #flushOne(open: Open): Promise<void> {
    open.last = open.last.then(() => this.#flushPending(open));
    return open.last;
  }

  async #flushPending(open: Open): Promise<void> {
    const { pending } = open;
    open.pending = [];
    open.size = 0;
    if (pending.length === 0) return;
    try {
      await this.#keep(open, mergeFinds(pending.map(({ finds }) => finds)));
      for (const { resolve } of pending) resolve();
    } catch (error) {
      for (const { reject } of pending) reject(error);
    }
  }

  async #keep({ run, round }: Open, finds: Finds): Promise<void> {
    const { runId } = run;
    const grouping = groupingOf(run);
    const fresh = await this.#withoutKnown(runId, finds, grouping);
    const { taken, refused } = await this.#ceilings.share(run, fresh.targets);
    await this.#send({ runId, round }, taken, grouping);
    const marks: Mark[] = [
      ...taken.map(({ url }) => ({ url, group: groupOfUrl(url, grouping) })),
      ...[...fresh.leftOut, ...refused].map(({ url, ...leftOut }) => {
        return { url, group: groupOfUrl(url, grouping), leftOut };
      }),
    ];
    await this.#ports.ledger.frontier.mark(runId, marks);
    for (const { url, leftOut } of marks)
      this.#known.add(runId, url, leftOut === undefined ? 'target' : 'left-out');
  }

  /** The ledger is asked only for what this worker has not met yet. */
  async #withoutKnown(
    runId: string,
    { targets, leftOut }: Finds,
    grouping: Grouping,
  ): Promise<Finds> {
    const unmet = [
      ...targets.filter(({ url }) => this.#known.get(runId, url) !== 'target'),
      ...leftOut.filter(({ url }) => this.#known.get(runId, url) === undefined),
    ].map(({ url }) => ({ url, group: groupOfUrl(url, grouping) }));
    const known = await this.#ports.ledger.frontier.known(runId, unmet);
    for (const [url, as] of known) this.#known.add(runId, url, as);
    return {
      targets: targets.filter(({ url }) => this.#known.get(runId, url) !== 'target'),
      leftOut: leftOut.filter(({ url }) => this.#known.get(runId, url) === undefined),
    };
  }

  async #send(
    { runId, round }: Pick<Task, 'runId' | 'round'>,
    targets: readonly Target[],
    grouping: Grouping,
  ): Promise<void> {
    const { queue, ledger } = this.#ports;
    const packer = new TaskPacker({ runId, round, generation: 0, nameOf }, queue.limits);
    const full = targets.flatMap((target) => {
      return packer.add(groupOfUrl(target.url, grouping), target) ?? [];
    });
    const tasks = [...full, ...packer.flush()];
    if (tasks.length === 0) return;
    await queue.send(tasks);
    await ledger.tasks.register(tasks);
  }
}

/**
 * By what is in it, and not by its page: a page that is visited again may name other links, and a
 * task under a name that the queue knows would be dropped with them.
 */
function nameOf(group: string, _part: number, targets: readonly Target[]): string {
  return `f-${group}-${hash('sha256', JSON.stringify(targets), 'base64url').slice(0, 22)}`;
}

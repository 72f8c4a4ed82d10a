import { QUEUE_LIMITS } from '../../../contract/limits.ts';
import { laneTaskId } from '../../../core/model/lane.ts';
import type { Task } from '../../../core/model/task.ts';
import { DEAD, isDead } from '../web/answers.ts';
import { type Bundle, bundleUrl } from '../web/bundle.ts';
import type { HostWeb } from '../web/host-web.ts';
import type { Pacer } from '../web/pacer.ts';
import { type HostPortion, inTurns } from './in-turns.ts';
import { TaskTimes } from './task-times.ts';

/** Hosts with so many URLs in a task are a bundle of their own. */
const BIG = 12;

/** Dependencies of CoarseWindows. */
export interface CoarseOptions {
  readonly runId: string;
  readonly web: HostWeb;
  readonly pacer: Pacer;
  /** Hosts of each group, by rank. */
  readonly groups: readonly (readonly number[])[];
  /** Tasks of the deployment that one of the model stands for. */
  readonly tasksInOne: number;
}

/** Windows of the list, packed as the seeder packs them, with bundles as targets. */
export class CoarseWindows {
  readonly #options: CoarseOptions;
  /** By rank: 1 for hosts that a task has had. */
  readonly #met: Uint8Array;
  /** By group, up to which share of the list it is packed. */
  readonly #packed: number[] = [];
  #bundles = 0;

  constructor(options: CoarseOptions) {
    this.#options = options;
    this.#met = new Uint8Array(options.web.hosts);
  }

  /**
   * The tasks of a window, which has that share of the list. Where tasks stand for many, a group has its
   * turn in one window of as many only, with what these have for it.
   */
  tasks(window: number, share: number): readonly Task[] {
    const { groups, tasksInOne } = this.#options;
    const isLast = (window + 1) * share >= 1;
    const ahead = Math.floor(tasksInOne / 2);
    const upTo = isLast ? 1 : Math.min(1, (window + 1 + ahead) * share);
    return groups.flatMap((ranks, at) => {
      const hasTurn = isLast || at % tasksInOne === window % tasksInOne;
      return hasTurn ? this.#tasksOf(at, ranks, window, upTo) : [];
    });
  }

  #tasksOf(at: number, ranks: readonly number[], window: number, upTo: number): readonly Task[] {
    const { web, tasksInOne, runId } = this.#options;
    const from = this.#packed[at] ?? 0;
    this.#packed[at] = upTo;
    const portions = ranks.flatMap((rank) => {
      const urls = web.countUpTo(rank, upTo) - (from === 0 ? 0 : web.countUpTo(rank, from));
      return urls === 0 ? [] : [{ rank, urls }];
    });
    const group = `g${at}`;
    return inTurns(portions, QUEUE_LIMITS.taskTargets * tasksInOne).map((inTask, part) => {
      const taskId = laneTaskId(group, window, part);
      return { runId, taskId, group, round: 0, targets: this.#targets(inTask) };
    });
  }

  #targets(portions: readonly HostPortion[]) {
    const bundles = this.#bundlesOf(portions);
    return bundles.map((bundle) => {
      this.#bundles += 1;
      return { url: bundleUrl(bundle, this.#bundles) };
    });
  }

  #bundlesOf(portions: readonly HostPortion[]): readonly Bundle[] {
    const { pacer, tasksInOne, web } = this.#options;
    const sums: Sums = { some: empty(), silent: empty(), unreachable: empty(), known: empty() };
    const times = new TaskTimes(tasksInOne);
    const bundles: Bundle[] = [];
    for (const { rank, urls } of portions) {
      const kind = web.kind(rank);
      const isNew = this.#meet(rank);
      if (isDead(kind)) {
        add(isNew ? sums[kind] : sums.known, urls, isNew);
        if (isNew) times.add(rank, 1, DEAD[kind].afterMs);
      } else if (kind === 'live' && urls >= BIG * tasksInOne) {
        const newHosts = isNew ? 1 : 0;
        bundles.push({ kind: 'big', urls, hosts: 1, newHosts, tookMs: 0, rank });
      } else {
        add(sums.some, urls, isNew);
        times.add(rank, urls, pacer.fewMs(rank, Math.ceil(urls / tasksInOne)));
      }
    }
    for (const kind of SUMMED)
      if (sums[kind].urls > 0) bundles.push({ kind, ...sums[kind], tookMs: times.sumMs });
    return bundles;
  }

  /** Whether a host was never met before. */
  #meet(rank: number): boolean {
    const isNew = this.#met[rank] === 0;
    this.#met[rank] = 1;
    return isNew;
  }
}

const SUMMED = ['some', 'silent', 'unreachable', 'known'] as const;

interface Sum {
  urls: number;
  hosts: number;
  newHosts: number;
}

type Sums = Record<(typeof SUMMED)[number], Sum>;

function empty(): Sum {
  return { urls: 0, hosts: 0, newHosts: 0 };
}

function add(sum: Sum, urls: number, isNew: boolean): void {
  sum.urls += urls;
  sum.hosts += 1;
  if (isNew) sum.newHosts += 1;
}

import type { DocumentKind } from '../model/document-kind.ts';
import type { HostRecord } from '../model/host-record.ts';
import type { Reason, Status } from '../model/outcome.ts';
import type { TaskProgress, TaskSums } from '../model/progress.ts';
import type { SettledResult } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import type { Task } from '../model/task.ts';
import type { FrontierLedger } from './frontier-ledger.ts';
import type { MemoryLedger, MemoryMark, StoredEntries } from './memory.ts';
import type { RunLedger } from './run-ledger.ts';

/** What a worker must know of a target that is settled. */
export interface Settled {
  readonly status: Status;
  readonly reason: Reason | null;
  readonly bytes: number;
  /** What it was, where it was no image. */
  readonly kind?: DocumentKind;
  readonly format?: string;
  readonly httpStatus?: number;
  readonly unchanged?: boolean;
  /** The task that answers for it in the sums. */
  readonly taskId: string;
  readonly round: number;
}

/** A host with what is to be kept of it. */
export interface KeptHost {
  readonly host: string;
  readonly record: HostRecord;
}

/** A settled target of a log. */
export interface SettledUrl extends Settled {
  readonly url: string;
}

/** Where a pack stands in the log of its group: holds follow each other, and packs within a hold. */
export interface PackPlace {
  /** The number that `enter` gave. */
  readonly hold: number;
  readonly part: number;
}

/** Results of one group of a run that are kept together. */
export interface ResultPack extends PackPlace {
  readonly runId: string;
  readonly group: string;
  /** Of different URLs; at least one, at most `packResults` of the ledger's limits. */
  readonly results: readonly SettledResult[];
}

/** A pack of a log as far as workers need it. */
export interface KeptPack {
  /** Absent where it was kept from outside of any hold, see `settleAlone`: it is in no index. */
  readonly place?: PackPlace;
  readonly results: readonly SettledUrl[];
}

/** URLs that were settled in one round by tasks that are done, and may or may not be asked again later. */
export interface IndexSection {
  readonly round: number;
  /** Whether their reasons may have passed in a later round. */
  readonly passing: boolean;
  /** See `urlDigest`. */
  readonly digests: readonly string[];
}

/** A part of the index of a group: with the parts before it, it covers all packs up to a place. */
export interface GroupIndex {
  readonly runId: string;
  readonly group: string;
  readonly upTo: PackPlace;
  readonly sections: readonly IndexSection[];
}

/** What is settled in one group of a run. */
export interface GroupLog {
  /** The number of this hold: greater than those of all holds of the group before it. */
  readonly hold: number;
  readonly index: readonly IndexSection[];
  /** Packs that no index covers, in the order of the log; those from outside of holds are last. */
  readonly packs: readonly KeptPack[];
}

/** How much a ledger of results takes at once. */
export interface ResultLimits {
  /** Packs and hosts of one `settle`. */
  readonly writes: number;
  /** Results of one pack. */
  readonly packResults: number;
  /** Results that one part of an index covers. */
  readonly indexResults: number;
}

/**
 * Results: for each group of a run a log of packs. Of several results of one URL that of the highest
 * round counts, of these the last in the log.
 */
export interface ResultLedger {
  readonly limits: ResultLimits;
  /**
   * Begins a hold of a group by whoever has one of its tasks, and tells what is settled in it: every
   * write that was answered.
   */
  enter(runId: string, group: string): Promise<GroupLog>;
  /**
   * Resolves when every pack and every host is kept; at most 25 in all, of different places and
   * different hosts; and the marks of groups of these packs. Writing again is harmless. A host's
   * record replaces what was kept of it.
   */
  settle(
    packs: readonly ResultPack[],
    hosts?: readonly KeptHost[],
    marks?: readonly MemoryMark[],
  ): Promise<void>;
  /** Keeps a result from outside of any hold, while a worker may hold the group. */
  settleAlone(group: string, result: SettledResult): Promise<void>;
  /**
   * Adds a part to the index. All results up to its place have to be kept, and their tasks done:
   * afterwards nobody learns whose they are.
   */
  addIndex(index: GroupIndex): Promise<void>;
  /**
   * What later runs remember of a group of a run: of each URL the last result, where it says so.
   * Packs in the order of the log. May miss what was written a moment ago.
   */
  remembered(runId: string, group: string): Promise<readonly StoredEntries[]>;
}

/** What workers left in the ledger for the next delivery of a task. */
export interface TaskMemory {
  /** Times the task was begun alone after a worker had died with it. */
  readonly soloStarts: number;
  /** Deliveries that ended in an infrastructure error: the crawler's own or its platform's, not the site's. */
  readonly faults: number;
  /** Whether its maker, if it is not the seeder, lived to register it. */
  readonly registered: boolean;
  readonly done: boolean;
}

/** What a worker asks before it begins tasks. */
export interface Recollection {
  /** In the order of the tasks. */
  readonly memories: readonly TaskMemory[];
  /** What is known of the hosts of their targets; one that nothing is known of is absent. */
  readonly hosts: ReadonlyMap<string, HostRecord>;
}

/** Tasks: how far each has come. */
export interface TaskLedger {
  /** Makes tasks known that the seeder did not make, with their bodies. A known one keeps what it has. */
  register(tasks: readonly Task[]): Promise<void>;
  /**
   * Keeps how far a task has come, unless it is done already. One that stands in a lane is done as
   * soon as a later one of its lane is.
   */
  record(progress: TaskProgress): Promise<void>;
  /** Keeps how many deliveries ended in an infrastructure error, and forgets the starts alone. */
  recordFault(task: Task, faults: number): Promise<void>;
  /** Counts one more start of a task alone; gives the number so far, this one included. */
  countSoloStart(task: Task): Promise<number>;
  /**
   * What is known of different tasks and of the hosts of their targets; sees every write that was
   * answered. In as few requests as it can be.
   */
  recall(tasks: readonly Task[]): Promise<Recollection>;
  /** Which of these task ids are done. */
  doneAmong(runId: string, taskIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The sums over the tasks of a run; nothing of one of an older layout. */
  sums(run: Pick<Run, 'runId' | 'grouping'>): Promise<TaskSums>;
  /** Registered tasks that are not done, with their bodies. */
  openRegistered(runId: string): AsyncIterable<Task>;
  /** Keeps a message that no one can read, for a person to look at. */
  keepPoison(messageId: string, body: string): Promise<void>;
}

/**
 * Tasks of lists that wait for their turn, in lanes: see `core/model/lane.ts`. Sees every write that was
 * answered.
 */
export interface Backlog {
  /** Most groups of one `waiting`: it gives a task and more of each. */
  readonly maxGroups: number;
  /** Keeps tasks; again is harmless. Rejects when one is not kept; the others may be. */
  add(tasks: readonly Task[]): Promise<void>;
  /** The task behind this one in its lane; undefined where there is none yet, or it is in no lane. */
  after(task: Pick<Task, 'runId' | 'taskId'>): Promise<Task | undefined>;
  /** The first task that is not done, of each lane of these groups that has one. */
  waiting(runId: string, groups: readonly string[]): Promise<readonly Task[]>;
}

/** Hosts, for those that no task names: the others come with their tasks. */
export interface HostLedger {
  /** What is known of a host; undefined when nothing is. */
  read(host: string): Promise<HostRecord | undefined>;
}

/** What the table knows, behind one door. */
export interface Ledger {
  readonly runs: RunLedger;
  readonly tasks: TaskLedger;
  readonly results: ResultLedger;
  readonly hosts: HostLedger;
  readonly frontier: FrontierLedger;
  readonly memory: MemoryLedger;
  readonly backlog: Backlog;
}

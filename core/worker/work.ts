import { Frontier } from '../frontier/frontier.ts';
import { HostGate } from '../hosts/host-gate.ts';
import { Hosts } from '../hosts/hosts.ts';
import { Slots } from '../hosts/slots.ts';
import type { CostMeter } from '../ports/cost-meter.ts';
import type { Fetcher } from '../ports/fetcher.ts';
import type { ReadRsl } from '../ports/read-rsl.ts';
import type { Delivery } from '../ports/task-queue.ts';
import { RunCosts } from '../seed/run-costs.ts';
import { createVisitParts } from '../visit/visit-parts.ts';
import { BatchWriter } from './batch-writer.ts';
import { ByteCeiling } from './byte-ceiling.ts';
import type { WorkedTask } from './given-messages.ts';
import type { GroupPorts } from './group-parts.ts';
import { Memories } from './memories.ts';
import { RunWatch } from './run-watch.ts';
import { Suspension } from './suspension.ts';
import { type Stop, TaskStream } from './task-stream.ts';

/** Parts that a worker makes itself. */
type Made =
  | 'gate'
  | 'hosts'
  | 'robots'
  | 'rights'
  | 'cookies'
  | 'frontier'
  | 'ceiling'
  | 'watch'
  | 'writer'
  | 'memories'
  | 'costs'
  | 'suspension'
  | 'indexFrom';

/**
 * Results of a group that are in no index, from which on they are put into one: whoever enters the
 * group reads them until then, and to index them costs as much as to read them some six times.
 */
const INDEX_FROM = 3000;

/** Dependencies of a worker. */
export interface WorkerPorts extends Omit<GroupPorts, Made> {
  readonly fetcher: Fetcher;
  readonly readRsl: ReadRsl;
  /** What the worker costs; absent where that is not counted: no run has a ceiling then. */
  readonly meter?: CostMeter;
  /** How long images are there after they were kept, in milliseconds; for ever when absent. */
  readonly imagesKeptMs?: number;
  /** Replaces the number of results of a group from which on they are indexed. */
  readonly indexFrom?: number;
  /** Most exchanges at once. */
  readonly maxInFlight: number;
  /** How long a message stays hidden without a heartbeat, in milliseconds. */
  readonly visibilityMs: number;
}

/**
 * Works tasks until `deadlineMs` (milliseconds since 1970): those that it is given, and further ones
 * that it receives itself while it has room and time. Gives the ends of the former. Never rejects
 * for a task: what broke is the end of that task alone. `stop` may bring the deadline nearer while
 * it works.
 */
export type Work = (
  given: readonly Delivery[],
  deadlineMs: number,
  stop?: Stop,
) => Promise<readonly WorkedTask[]>;

/** The use case of a worker, bound to its ports; lives as long as the worker does. */
export function createWork(worker: WorkerPorts): Work {
  const {
    fetcher,
    maxInFlight,
    visibilityMs,
    readRsl,
    indexFrom = INDEX_FROM,
    meter,
    ...ports
  } = worker;
  const { clock, earlierImages: images, ledger, linkRules, observer, queue, random } = ports;
  const { imagesKeptMs = Number.POSITIVE_INFINITY } = ports;
  const hosts = new Hosts(clock);
  const slots = new Slots(maxInFlight);
  const gate = new HostGate({
    clock,
    hosts,
    slots,
    fetcher,
    ledger: ledger.hosts,
    observer,
    random,
  });
  const all = {
    ...ports,
    ...createRunParts({ clock, ledger, meter }),
    indexFrom,
    hosts,
    gate,
    ...createVisitParts({ clock, gate, linkRules, readRsl }),
    frontier: new Frontier({ clock, ledger, queue, isIdle: () => gate.isIdle }),
    ceiling: new ByteCeiling(ledger.frontier, clock),
    writer: new BatchWriter({ ledger, clock, observer }),
    memories: new Memories({ clock, ledger, images, observer, imagesKeptMs }),
  };
  return (given, deadlineMs, stop) =>
    new TaskStream(all, { maxInFlight, visibilityMs, deadlineMs, stop }).run(given);
}

/** What tells whether a run goes on. */
function createRunParts({ clock, ledger, meter }: Pick<WorkerPorts, 'clock' | 'ledger' | 'meter'>) {
  const watch = new RunWatch(ledger.runs, clock);
  const costs = new RunCosts({ clock, runs: ledger.runs, meter });
  return { watch, costs, suspension: new Suspension(watch, costs) };
}

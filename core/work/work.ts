import { Frontier } from '../frontier.ts';
import { HostGate } from '../hosts/host-gate.ts';
import type { HostShards } from '../hosts/host-group.ts';
import { Hosts } from '../hosts/hosts.ts';
import { Slots } from '../hosts/slots.ts';
import type { Fetcher } from '../ports/fetcher.ts';
import type { Delivery } from '../ports/task-queue.ts';
import { RobotsPolicy } from '../robots/robots-policy.ts';
import { BatchWriter } from './batch-writer.ts';
import { ByteCeiling } from './byte-ceiling.ts';
import type { GroupPorts } from './group-session.ts';
import { RunWatch } from './run-watch.ts';
import { TaskStream, type WorkedTask } from './task-stream.ts';

/** Parts that a worker makes itself. */
type Made = 'gate' | 'robots' | 'frontier' | 'ceiling' | 'watch' | 'writer';

/** Dependencies of a worker. */
export interface WorkerPorts extends Omit<GroupPorts, Made> {
  readonly fetcher: Fetcher;
  /** Host groups of the deployment, for what is found in pages. */
  readonly groups: number;
  readonly hostShards: HostShards;
  /** Most exchanges at once. */
  readonly maxInFlight: number;
  /** How long a message stays hidden without a heartbeat, in milliseconds. */
  readonly visibilityMs: number;
}

/**
 * Works tasks until `deadlineMs` (milliseconds since 1970): those that it is given, and further ones
 * that it receives itself while it has room and time. Gives the ends of the former. Never rejects
 * for a task: what broke is the end of that task alone.
 */
export type Work = (
  given: readonly Delivery[],
  deadlineMs: number,
) => Promise<readonly WorkedTask[]>;

/** The use case of a worker, bound to its ports; lives as long as the worker does. */
export function createWork(worker: WorkerPorts): Work {
  const { fetcher, groups, hostShards, maxInFlight, visibilityMs, ...ports } = worker;
  const { clock, ledger, observer, queue, random } = ports;
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
    hosts,
    gate,
    robots: new RobotsPolicy({ clock, gate }),
    watch: new RunWatch(ledger.runs, clock),
    frontier: new Frontier({ clock, ledger, queue, groups, hostShards }),
    ceiling: new ByteCeiling(ledger.frontier, clock),
    writer: new BatchWriter(ledger.results, clock),
  };
  return (given, deadlineMs) =>
    new TaskStream(all, { maxInFlight, visibilityMs, deadlineMs }).run(given);
}

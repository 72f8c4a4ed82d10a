import { MemoryFrontierLedger } from '../../../adapters/memory/memory-frontier-ledger.ts';
import { MemoryMemoryLedger } from '../../../adapters/memory/memory-memory-ledger.ts';
import { MemoryRunLedger } from '../../../adapters/memory/memory-run-ledger.ts';
import type { Ledger } from '../../../core/ports/ledger.ts';
import type { Table } from '../models/table.ts';
import { HostRecords } from './host-records.ts';
import { LeanBacklog } from './lean-backlog.ts';
import { LeanLanes } from './lean-lanes.ts';
import { LeanResults } from './lean-results.ts';
import { LeanTasks } from './lean-tasks.ts';
import type { Weights } from './weights.ts';

/** The ledger of one run that may be very long, with the doors that the model needs. */
export interface LeanLedger extends Ledger {
  readonly runs: MemoryRunLedger;
  readonly tasks: LeanTasks;
  readonly results: LeanResults;
  readonly lanes: LeanLanes;
}

/** A ledger in the memory of this process that takes the time and the units of a table. */
export function createLeanLedger(table: Table, weights: Weights): LeanLedger {
  const { urlsIn, hostsIn } = weights;
  const hosts = new HostRecords(table);
  const lanes = new LeanLanes();
  const results = new LeanResults(table, hosts, weights);
  return {
    runs: new MemoryRunLedger(),
    tasks: new LeanTasks({ table, hosts, lanes, results, hostsIn }),
    results,
    hosts,
    lanes,
    frontier: new MemoryFrontierLedger(),
    memory: new MemoryMemoryLedger(),
    backlog: new LeanBacklog(table, lanes, urlsIn),
  };
}

import { MemoryBacklog } from './memory-backlog.ts';
import { MemoryFrontierLedger } from './memory-frontier-ledger.ts';
import { MemoryHostLedger } from './memory-host-ledger.ts';
import { MemoryMemoryLedger } from './memory-memory-ledger.ts';
import { MemoryResultLedger } from './memory-result-ledger.ts';
import { MemoryRunLedger } from './memory-run-ledger.ts';
import { MemoryTaskLedger } from './memory-task-ledger.ts';

/** The whole ledger in memory, with the doors that checks need. */
export interface MemoryLedger {
  readonly runs: MemoryRunLedger;
  readonly tasks: MemoryTaskLedger;
  readonly results: MemoryResultLedger;
  readonly hosts: MemoryHostLedger;
  readonly frontier: MemoryFrontierLedger;
  readonly memory: MemoryMemoryLedger;
  readonly backlog: MemoryBacklog;
}

/** An empty ledger. */
export function createMemoryLedger(): MemoryLedger {
  const hosts = new MemoryHostLedger();
  const tasks = new MemoryTaskLedger(hosts);
  const memory = new MemoryMemoryLedger();
  return {
    runs: new MemoryRunLedger(),
    tasks,
    results: new MemoryResultLedger(hosts, memory),
    hosts,
    frontier: new MemoryFrontierLedger(),
    memory,
    backlog: new MemoryBacklog(tasks),
  };
}

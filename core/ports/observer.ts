import type { Reason } from '../outcome.ts';
import type { SettledResult } from '../result.ts';
import type { Task } from '../task.ts';

/**
 * Told what happens while tasks are worked. Nobody waits for it and it never throws: what it makes
 * of it (metrics, logs, nothing) changes nothing.
 */
export interface Observer {
  /** A result is kept in the ledger. After a crash the same one may be told again. */
  settled(result: SettledResult): void;
  /** A try at a target of the task came to nothing, and there will be another. */
  retrying(task: Task, url: string, reason: Reason): void;
  /** A host begins to be left alone, for that many milliseconds from now. */
  backedOff(host: string, reason: Reason, quietMs: number): void;
}

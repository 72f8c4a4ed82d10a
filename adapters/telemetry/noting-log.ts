import type { FaultLog } from './fault-log.ts';
import type { Log, LogFields } from './log.ts';

/** A log whose errors are also noted for the runs that they are about. */
export class NotingLog implements Log {
  readonly #log: Log;
  readonly #faults: Pick<FaultLog, 'note'>;

  constructor(log: Log, faults: Pick<FaultLog, 'note'>) {
    this.#log = log;
    this.#faults = faults;
  }

  get isDebug(): boolean {
    return this.#log.isDebug;
  }

  debug(message: string, fields: LogFields): void {
    this.#log.debug(message, fields);
  }

  info(message: string, fields: LogFields): void {
    this.#log.info(message, fields);
  }

  error(message: string, fields: LogFields): void {
    this.#log.error(message, fields);
    this.#faults.note(runsOf(fields), message, fields['error']);
  }
}

/** A line names the run that it is about, or those that it may be about. */
function runsOf({ runId, runIds = [] }: LogFields): readonly string[] {
  const ids = typeof runId === 'string' ? [runId] : runIds;
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}

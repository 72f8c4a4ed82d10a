import type { RunArchive } from '../../adapters/aws/run-archive.ts';
import type { KeptFault } from '../../contract/kept-fault.ts';
import type { OwnFault } from './own-faults.ts';
import { waitHere } from './wait-here.ts';

/** Functions write no more often. */
const WAIT_MS = 5000;

/** What following errors needs. */
export interface FaultPorts {
  readonly archive: Pick<RunArchive, 'faults'>;
  /** Told an error as often as it has come since the last look. */
  readonly onFault: (fault: OwnFault, times: number) => void;
  /** Waits so long, or until the signal; the machine's own time by default. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The errors that functions of a deployed stack keep of a run, as far as they come from now on. */
export class NewFaults {
  readonly #runId: string;
  readonly #ports: FaultPorts;
  #known: ReadonlyMap<string, number> = new Map();

  constructor(runId: string, ports: FaultPorts) {
    this.#runId = runId;
    this.#ports = ports;
  }

  /** What came until now is not told. A look that fails is left out: others follow the run. */
  async skip(): Promise<void> {
    this.#known = timesOf((await this.#read()) ?? []);
  }

  /** Does a job, and tells errors until it ends. */
  async tellWhile<Result>(job: () => Promise<Result>): Promise<Result> {
    const over = new AbortController();
    const telling = this.#tellUntil(over.signal);
    try {
      return await job();
    } finally {
      over.abort();
      await telling;
    }
  }

  async #tellUntil(signal: AbortSignal): Promise<void> {
    const { wait = waitHere } = this.#ports;
    while (!signal.aborted) {
      await this.#look();
      await wait(WAIT_MS, signal);
    }
  }

  async #look(): Promise<void> {
    const faults = await this.#read();
    if (faults === undefined) return;
    for (const fault of faults.toReversed()) {
      const times = fault.times - (this.#known.get(nameOf(fault)) ?? 0);
      if (times > 0) this.#ports.onFault({ kind: 'error', runId: this.#runId, ...fault }, times);
    }
    this.#known = timesOf(faults);
  }

  #read(): Promise<readonly KeptFault[] | undefined> {
    return this.#ports.archive.faults(this.#runId).catch(() => undefined);
  }
}

function timesOf(faults: readonly KeptFault[]): ReadonlyMap<string, number> {
  return new Map(faults.map((fault) => [nameOf(fault), fault.times]));
}

function nameOf({ functionName, location, message }: KeptFault): string {
  return `${functionName} ${location ?? message}`;
}

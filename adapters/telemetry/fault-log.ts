import type { KeptFault } from '../../contract/kept-fault.ts';
import type { FunctionName } from '../../contract/metrics.ts';
import { factsOf, isOfService } from '../../contract/own-fault.ts';
import { faultKey } from '../../contract/table-keys.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Time between two writes: an error that comes with every image costs no call for each. */
const WRITE_MS = 5000;
/** How long the end of an invocation waits for them. */
const FLUSH_MS = 2000;
/** Places that are told apart in one instance of a function: behind that many is nearly always one cause. */
const MAX_PLACES = 20;
const MAX_MESSAGE = 300;

/** Dependencies of FaultLog. */
export interface FaultLogPorts {
  readonly clock: Clock;
  readonly keep: (runId: string, fault: KeptFault) => Promise<void>;
}

/** What waits to be written. */
interface Waiting {
  readonly runId: string;
  readonly fault: KeptFault;
}

/**
 * Keeps the errors of a function where people who follow a run can read them: nothing is written while
 * there are none, the first one at once, then at most once in five seconds. Never rejects: what
 * cannot be kept is in the log all the same.
 */
export class FaultLog {
  readonly #ports: FaultLogPorts;
  readonly #function: FunctionName;
  readonly #places = new Set<string>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #writing = new Set<Promise<void>>();
  #nextMs = 0;

  constructor(ports: FaultLogPorts, name: FunctionName) {
    this.#ports = ports;
    this.#function = name;
  }

  /** Something went wrong in these runs; `error` is what was thrown, where something was. */
  note(runIds: readonly string[], message: string, error?: unknown): void {
    const nowMs = this.#ports.clock.now();
    for (const runId of runIds) this.#add(runId, this.#faultOf(message, error, nowMs));
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + WRITE_MS;
    this.#write();
  }

  /** Resolves when all is written, or after two seconds. */
  async flush(): Promise<void> {
    if (this.#waiting.size > 0) this.#write();
    if (this.#writing.size === 0) return;
    await Promise.race([Promise.all(this.#writing), this.#ports.clock.sleep(FLUSH_MS)]);
  }

  #faultOf(said: string, error: unknown, lastMs: number): KeptFault {
    const functionName = this.#function;
    if (!(error instanceof Error)) {
      const message = told(error === undefined ? said : String(error));
      return { functionName, message, isOfService: true, times: 1, lastMs };
    }
    const facts = factsOf(error);
    const message = told(`${facts.name}: ${facts.message}`);
    const { location } = facts;
    return { functionName, message, location, isOfService: isOfService(facts), times: 1, lastMs };
  }

  #add(runId: string, fault: KeptFault): void {
    const { pk, sk } = faultKey(runId, fault);
    const place = `${pk} ${sk}`;
    if (!this.#places.has(place) && this.#places.size >= MAX_PLACES) return;
    this.#places.add(place);
    const times = fault.times + (this.#waiting.get(place)?.fault.times ?? 0);
    this.#waiting.set(place, { runId, fault: { ...fault, times } });
  }

  #write(): void {
    const { keep } = this.#ports;
    for (const { runId, fault } of this.#waiting.values()) {
      const write = keep(runId, fault)
        .catch(() => {})
        .finally(() => this.#writing.delete(write));
      this.#writing.add(write);
    }
    this.#waiting.clear();
  }
}

function told(message: string): string {
  return withoutSecrets(message).slice(0, MAX_MESSAGE);
}

import type { FunctionEvent } from '../../local/functions/function-events.ts';

/** An error that a function of ours threw. */
export type OwnFault = Extract<FunctionEvent, { kind: 'error' }>;

/** Different errors that are told; behind them is nearly always the same cause. */
const MAX_TOLD = 5;
/** The same error so often may be one that comes each time. */
const SAME_FAULTS = 3;
/** And no URL finished for so long: the code throws, and will go on doing so. In milliseconds. */
const STUCK_MS = 60_000;
/** A service that does not answer may come back: it is given longer, in milliseconds. */
const OUTAGE_MS = 10 * 60_000;

/** Errors of our own functions in one run: each is told once, and too many of one end the run. */
export class OwnFaults {
  readonly #now: () => number;
  readonly #onFirst: (text: string) => void;
  readonly #counts = new Map<string, number>();
  #last: OwnFault | undefined;
  #settled = -1;
  #progressMs: number;

  /** `now` gives milliseconds of a clock that goes forward. */
  constructor(now: () => number, onFirst: (text: string) => void) {
    this.#now = now;
    this.#onFirst = onFirst;
    this.#progressMs = now();
  }

  /** It came so many times. */
  add(fault: OwnFault, times = 1): void {
    const text = errorText(fault);
    const count = this.#counts.get(text) ?? 0;
    this.#counts.set(text, count + times);
    this.#last = fault;
    if (count === 0 && this.#counts.size <= MAX_TOLD) this.#onFirst(text);
  }

  /** The run has so many finished URLs. */
  progress(settled: number): void {
    if (settled === this.#settled) return;
    this.#settled = settled;
    this.#progressMs = this.#now();
    this.#counts.clear();
  }

  /** The latest error in words. */
  get last(): string | undefined {
    return this.#last === undefined ? undefined : errorText(this.#last);
  }

  /** Why there is no use in waiting any longer; undefined while there may be. */
  get verdict(): string | undefined {
    if (this.#last === undefined) return undefined;
    const text = errorText(this.#last);
    const count = this.#counts.get(text) ?? 0;
    const stuckMs = this.#now() - this.#progressMs;
    const bound = this.#last.isOfService ? OUTAGE_MS : STUCK_MS;
    if (count < SAME_FAULTS || stuckMs < bound) return undefined;
    return `the same error ${count} times and no URL finished for ${Math.round(stuckMs / 1000)} s: ${text}`;
  }
}

function errorText(fault: OwnFault): string {
  return `error in ${faultText(fault)}`;
}

/** Such an error in words, with its file and line. */
export function faultText({
  functionName,
  message,
  location,
}: Pick<OwnFault, 'functionName' | 'message' | 'location'>): string {
  const where = location === undefined ? '' : ` (${shortPlace(location)})`;
  return `${functionName}: ${message}${where}`;
}

/** The path below the project is enough to find a file. */
function shortPlace(location: string): string {
  return location.replace(
    /^.*\/(?=(adapters|contract|core|infra|lambdas|local|node_modules)\/)/,
    '',
  );
}

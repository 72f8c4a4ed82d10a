import type { Reason } from './outcome.ts';
import type { RobotsCopy } from './robots-rules.ts';
import type { TdmCopy } from './tdm-rules.ts';

/** The state of a host's circuit breaker. */
export interface CircuitState {
  /** Not to be asked before, in milliseconds since 1970; 0 when it may be. */
  readonly pausedUntilMs: number;
  /** Pauses in a row since its last good answer. */
  readonly pauses: number;
  /** What the last pause was for. */
  readonly reason: Reason | null;
  /** The same in words. */
  readonly detail?: string;
}

/** What one worker learned of a host and the next one needs. Of no run: a host is one host. */
export interface HostRecord extends CircuitState {
  /** No request before, in milliseconds since 1970. */
  readonly nextStartMs: number;
  /** When it last answered anything, in milliseconds since 1970; 0 when it never did. */
  readonly answeredMs: number;
  /** Contacts that failed since it last answered, by run and round. */
  readonly failedContacts: Readonly<Record<string, number>>;
  /** Copies of its robots.txt by `robotsName`. */
  readonly robots: Readonly<Record<string, RobotsCopy>>;
  /** Copies of its tdmrep.json by scheme, as far as they are short. */
  readonly tdm?: Readonly<Record<string, TdmCopy>>;
}

/** The name of a copy in a host's record: a host may serve two schemes, and rules differ by product token. */
export function robotsName(origin: string, productToken: string): string {
  return `${origin.slice(0, origin.indexOf(':'))} ${productToken.toLowerCase()}`;
}

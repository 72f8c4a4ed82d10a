import { type HostOrder, orderedDelayMs } from '../model/host-order.ts';
import type { Reason } from '../model/outcome.ts';
import type { ContactBudget } from './host-circuit.ts';

/** The pace of one host, and for whom it is asked. */
export interface Pace {
  /** Most requests at once. */
  readonly perHost: number;
  /** Least time between two starts, in milliseconds. */
  readonly delayMs: number;
  /** Most requests per second to a host at a public address; 0 for no limit. */
  readonly ratePerS: number;
  /** Hosts at one address share that rate. */
  readonly perAddress: boolean;
  /** No start after this time, in milliseconds since 1970. */
  readonly notAfterMs: number;
  readonly budget: ContactBudget;
  /** What the operator of the run has ordered of the host by now: also for those that wait for a turn. */
  readonly order?: () => HostOrder | undefined;
}

/** Least time between two starts as it is now, in milliseconds. */
export function delayOf({ delayMs, order }: Pick<Pace, 'delayMs' | 'order'>): number {
  return Math.max(delayMs, orderedDelayMs(order?.()));
}

/** Why there is no turn to give. */
export type NoTurn =
  /** The next free turn lies behind `notAfterMs`: it comes then, in milliseconds since 1970. */
  | { readonly kind: 'cut'; readonly untilMs: number }
  /** The host is not asked before, in milliseconds since 1970. */
  | { readonly kind: 'paused'; readonly untilMs: number }
  /** The host failed too often, or wants a longer pause than a run waits; `reason` is its last one. */
  | { readonly kind: 'given-up'; readonly reason: Reason; readonly detail?: string };

/** What came of asking for a turn: the job ran, or there was no turn to give. */
export type Turn<T> = NoTurn | { readonly kind: 'ran'; readonly value: T };

/** Whether a turn comes too late for its pace. */
export function cutOf({ notAfterMs }: Pace, startMs: number): NoTurn | undefined {
  return startMs > notAfterMs ? { kind: 'cut', untilMs: startMs } : undefined;
}

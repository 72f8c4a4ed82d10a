import { hostOf } from '../model/canonical-url.ts';
import type { HostOrder } from '../model/host-order.ts';
import type { Run } from '../model/run.ts';
import type { ContactBudget } from './host-circuit.ts';
import type { HostKeeper } from './host-gate.ts';
import type { Pace } from './pace.ts';

/** When a request may begin, for whom it is made, and where what it tells of its host is kept. */
export interface RequestLimits {
  /** Not after this time, in milliseconds since 1970. */
  readonly notAfterMs: number;
  /** Asked when the request's turn has come. */
  readonly isCancelled: () => Promise<boolean>;
  /** What the operator has ordered of a host, as far as is known; absent where nobody can. */
  readonly orderFor?: (host: string) => HostOrder | undefined;
  readonly budget: ContactBudget;
  readonly keeper: HostKeeper;
}

/** The pace of a request for a URL, at least `delayMs` after the one before. */
export function paceOf(
  url: string,
  delayMs: number,
  { settings: { perHost, ratePerS, perAddress } }: Run,
  limits: RequestLimits,
): Pace {
  const { budget, orderFor } = limits;
  const order = orderFor && (() => orderFor(hostOf(url)));
  return {
    perHost,
    delayMs,
    ratePerS,
    perAddress,
    get notAfterMs() {
      return limits.notAfterMs;
    },
    budget,
    order,
  };
}

/** Whether the operator of the run stopped the host of a URL. */
export function isStopped(url: string, { orderFor }: Pick<RequestLimits, 'orderFor'>): boolean {
  return orderFor?.(hostOf(url))?.kind === 'stop';
}

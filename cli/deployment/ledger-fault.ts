import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Where the data of this machine tells that the disk does not take it. */
const FAULTS = 'image-crawler:data-fault';

/**
 * Hears when the disk does not take what a ledger of this machine writes, until it is disposed of:
 * the path and the reason. Requests are refused from then on, and tried again in vain, so the
 * process has to end at once. What was settled is kept.
 */
export function watchLedger(onFault: (problem: string) => void): Disposable {
  const hear = (problem: unknown) => onFault(String(problem));
  subscribe(FAULTS, hear);
  return { [Symbol.dispose]: () => void unsubscribe(FAULTS, hear) };
}

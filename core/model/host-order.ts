/** What an operator orders of a host while a run is in progress. */
export type HostOrder =
  /** Not one more request. */
  | { readonly kind: 'stop' }
  /** At most so many requests per second, wherever its address is. */
  | { readonly kind: 'slow'; readonly ratePerS: number };

/** Orders by authority, or by `*.` and a name for all below it. */
export type HostOrders = Readonly<Record<string, HostOrder>>;

/** How a target ends whose host the operator stopped. */
export const STOPPED = { reason: 'host-stopped', detail: 'by crawl stop' } as const;

/** Slowest rate that can be ordered: a request in ten minutes. */
export const MIN_ORDERED_RATE = 1 / 600;

/** What was ordered of a host; its own name counts before those above it, a longer one before a shorter. */
export function orderOf(orders: HostOrders | undefined, host: string): HostOrder | undefined {
  if (orders === undefined) return undefined;
  const own = orders[host];
  if (own !== undefined) return own;
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    const above = orders[`*${host.slice(dot)}`];
    if (above !== undefined) return above;
  }
  return undefined;
}

/** The least time between two requests that an order asks for, in milliseconds. */
export function orderedDelayMs(order: HostOrder | undefined): number {
  return order?.kind === 'slow' ? 1000 / order.ratePerS : 0;
}

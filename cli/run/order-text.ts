import type { HostOrder } from '../../core/model/host-order.ts';

/** What is ordered of a host, as a person reads it. */
export function orderText(host: string, order: HostOrder | undefined): string {
  switch (order?.kind) {
    case 'stop':
      return `${host} is asked no more, its open URLs are skipped`;
    case 'slow':
      return `${host} is asked at most ${order.ratePerS} times a second`;
    case undefined:
      return `${host} is asked as the run was started`;
  }
}

import { parseBundle } from '../web/bundle.ts';

/** For what one target of the model stands. */
export interface Weights {
  /** URLs. */
  readonly urlsIn: (url: string) => number;
  /** Hosts that are asked about with it. */
  readonly hostsIn: (url: string) => number;
  /** Hosts whose robots.txt is kept with its result. */
  readonly newHostsIn: (url: string) => number;
}

/** By whether each URL is a target, or one stands for many. */
export const WEIGHTS: Readonly<Record<'exact' | 'coarse', Weights>> = {
  exact: { urlsIn: () => 1, hostsIn: () => 1, newHostsIn: () => 0 },
  coarse: {
    urlsIn: (url) => parseBundle(url).urls,
    hostsIn: (url) => parseBundle(url).hosts,
    newHostsIn: (url) => {
      const { kind, newHosts } = parseBundle(url);
      // A dead host is kept by the worker itself.
      return kind === 'some' ? newHosts : 0;
    },
  },
};

import { fleetSetting, whole } from './setting-types.ts';

/** Happy Eyeballs (RFC 8305) may open two sockets for a request; Lambda has 1,024 descriptors. */
const MAX_IN_FLIGHT = 400;

/** Settings of what works the tasks: functions, or containers. */
export const workerSettings = {
  workerConcurrency: whole(2, 1000)
    .default(16)
    .describe('Most workers at once: it bounds what they cost in an hour.'),
  fleet: fleetSetting
    .nullable()
    .default(null)
    .describe(
      'Containers that work instead of functions: `vcpu`, `memoryMb` and `spot` of each, `count` of them at most.',
    ),
  maxInFlight: whole(1, MAX_IN_FLIGHT)
    .default(256)
    .describe(
      'Most requests to sites that a worker has under way at once; Lambda has 1,024 descriptors for them, for kept connections and for AWS.',
    ),
  workerMemoryMb: whole(512, 10_240)
    .default(1024)
    .describe('Memory of a worker in MB; its share of a CPU grows with it.'),
  workerTimeoutS: whole(150, 900)
    .default(900)
    .describe('Time limit of a worker in seconds; it ends sooner when nothing is left to do.'),
};

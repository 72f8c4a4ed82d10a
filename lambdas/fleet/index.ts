/**
 * The worker as a process of its own, for a container: it polls the task queue until it is sent
 * SIGTERM, then drains and exits. The environment is the function's.
 */
import { parts } from '../worker/index.ts';
import { FleetStop } from './fleet-stop.ts';
import { workQueue } from './work-queue.ts';

const stop = new FleetStop(parts.clock);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop.ask);
await workQueue({ ...parts, stop });
// Kept connections would hold the process.
process.exit(0);

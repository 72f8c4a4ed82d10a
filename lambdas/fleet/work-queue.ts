import { randomUUID } from 'node:crypto';
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Delivery, TaskQueue } from '../../core/ports/task-queue.ts';
import { receiptOf } from '../../core/worker/given-messages.ts';
import type { Work } from '../../core/worker/work.ts';
import type { FleetStop } from './fleet-stop.ts';

/** How long a poll waits, in milliseconds: so long it may take until a signal is heeded. */
const POLL_MS = 5000;
/** Pause after a poll that failed, in milliseconds. */
const FAILED_MS = 2000;
/** No limit ends a container; in between its sums are told and its groups given to others, in milliseconds. */
const ROUND_MS = 6 * 3_600_000;

/** Dependencies of a worker that polls the queue itself. */
export interface FleetPorts {
  readonly work: Work;
  readonly clock: Clock;
  readonly queue: TaskQueue;
  readonly telemetry: Pick<Telemetry, 'watch' | 'receiveFailed'>;
  /** How long a message stays hidden without a heartbeat, in milliseconds. */
  readonly leaseMs: number;
  readonly stop: FleetStop;
}

/** Works what the queue has until it is told to stop; then drains, and resolves. */
export async function workQueue(ports: FleetPorts): Promise<void> {
  const { clock, queue, stop, telemetry, work } = ports;
  const round = telemetry.watch((given: readonly Delivery[]) =>
    work(given, clock.now() + ROUND_MS, stop),
  );
  while (!stop.isAsked) {
    const given = await receive(ports);
    if (stop.isAsked) await giveBack(given, queue);
    else if (given.length > 0) await round(given, { awsRequestId: randomUUID() });
  }
}

/** Empty when there is nothing, or SQS does not answer. */
async function receive({ clock, leaseMs, queue, telemetry }: FleetPorts) {
  const max = queue.limits.messages;
  try {
    return await queue.receive({ max, waitMs: POLL_MS, visibilityMs: leaseMs });
  } catch (error) {
    telemetry.receiveFailed(error);
    await clock.sleep(FAILED_MS);
    return [];
  }
}

/** A message that cannot be given back comes back by itself. */
async function giveBack(given: readonly Delivery[], queue: TaskQueue): Promise<void> {
  await Promise.allSettled(given.map((one) => queue.postpone(receiptOf(one), 0)));
}

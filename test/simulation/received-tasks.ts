import type { DeliveredMessage } from '../../adapters/memory/memory-fifo-queue.ts';
import { deliveryOf, toReceived } from '../../adapters/memory/memory-task-queue.ts';
import type { Task } from '../../core/model/task.ts';
import type { ReceivedTask } from '../../core/ports/task-queue.ts';

/** Bodies kept with what they say; a simulation meets the same ones again and again. */
const MAX_KEPT = 20_000;
const tasks = new Map<string, Task>();

/** Deliveries in the words of the use cases: each body is read once, since that is most of the work. */
export function readDelivery(message: DeliveredMessage): ReceivedTask {
  const known = tasks.get(message.body);
  if (known !== undefined) return { task: known, ...deliveryOf(message) };
  const received = toReceived(message);
  if (tasks.size >= MAX_KEPT) tasks.clear();
  tasks.set(message.body, received.task);
  return received;
}

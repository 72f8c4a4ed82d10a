import type { Delivery, ReceivedTask } from '../core/ports/task-queue.ts';
import { parseTask } from './task-message.ts';

/** A message of the task queue as it was received, its body unread. */
export interface RawDelivery extends Omit<ReceivedTask, 'task'> {
  readonly messageId: string;
  readonly body: string;
}

/** Reads the body of a message: a task, or poison. */
export function parseDelivery({ messageId, body, ...delivery }: RawDelivery): Delivery {
  const parsed = parseTask(body);
  if (parsed.kind === 'task') {
    return { kind: 'task', received: { task: parsed.task, ...delivery } };
  }
  return { kind: 'poison', messageId, receipt: delivery.receipt, problem: parsed.problem };
}

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts';
import { parseTask } from '../../contract/task-message.ts';
import type { Task } from '../../core/model/task.ts';
import type { TaskQueue } from '../../core/ports/task-queue.ts';
import { bytesIn } from '../bytes-in.ts';

interface Ports {
  readonly queue: Pick<TaskQueue, 'send'>;
  readonly telemetry: Telemetry;
}

/** A deferred task, and the message that brought it. */
interface Deferred {
  readonly messageId: string;
  readonly task: Task;
}

/**
 * Each message of the deferred queue as a task of its group again. A message whose task was not
 * taken is reported as failed, and comes back; so is one that is no task, until its deliveries are
 * used up and the dead-letter function keeps it.
 */
export async function deferralEvent(
  event: SQSEvent,
  { queue, telemetry }: Ports,
): Promise<SQSBatchResponse> {
  telemetry.received(bytesIn(event));
  const poison: string[] = [];
  const deferred: Deferred[] = [];
  for (const { messageId, body } of event.Records) {
    const parsed = parseTask(body);
    if (parsed.kind === 'task') deferred.push({ messageId, task: parsed.task });
    else {
      poison.push(messageId);
      telemetry.log.error('poison message', { messageId, problem: parsed.problem });
    }
  }
  const failed = await sendBack(deferred, queue, telemetry);
  const ids = new Set([...poison, ...failed]);
  for (const { messageId, task } of deferred) {
    if (!ids.has(messageId)) telemetry.sentBack(task.runId, task.taskId);
  }
  return { batchItemFailures: [...ids].map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Returns the messages whose tasks were not taken. */
async function sendBack(
  deferred: readonly Deferred[],
  queue: Ports['queue'],
  telemetry: Telemetry,
): Promise<readonly string[]> {
  try {
    await queue.send(deferred.map(({ task }) => task));
    return [];
  } catch {
    // One by one, to know which: those that were taken already are dropped by deduplication.
    const ends = await Promise.all(deferred.map((one) => sendOne(one, queue, telemetry)));
    return ends.flat();
  }
}

async function sendOne(
  { messageId, task }: Deferred,
  queue: Ports['queue'],
  { log }: Telemetry,
): Promise<readonly string[]> {
  try {
    await queue.send([task]);
    return [];
  } catch (error) {
    const { runId, taskId } = task;
    log.error('deferred task was not sent back', { messageId, runId, taskId, error });
    return [messageId];
  }
}

import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Telemetry } from '../adapters/telemetry/telemetry.ts';
import { parseTask } from '../contract/task-message.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ReceivedTask, TaskQueue } from '../core/ports/task-queue.ts';
import type { Work, WorkedTask } from '../core/work.ts';
import { bytesIn } from './bytes-in.ts';

/** What Lambda tells of an invocation. */
export interface Invocation {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

interface Ports {
  readonly work: Work;
  readonly queue: TaskQueue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

interface Poison {
  readonly kind: 'poison';
  readonly messageId: string;
  readonly receipt: string;
  readonly problem: string;
}

type Message =
  | { readonly kind: 'task'; readonly messageId: string; readonly received: ReceivedTask }
  | Poison;

/** An SQS event in the words of the use case, and its ends as a partial batch response. */
export async function workEvent(
  event: SQSEvent,
  context: Invocation,
  { work, queue, clock, telemetry }: Ports,
): Promise<SQSBatchResponse> {
  const deadlineMs = clock.now() + context.getRemainingTimeInMillis();
  telemetry.received(bytesIn(event));
  const parsed = event.Records.map(parseRecord);
  const messages = parsed.filter((one) => one.kind === 'task');
  const poison = parsed.filter((one) => one.kind === 'poison');
  for (const { received } of messages)
    telemetry.worksFor(received.task.runId, received.task.taskId);
  await Promise.all(poison.map((message) => passOn(message, queue, telemetry)));
  const worked = await work(
    messages.map(({ received }) => received),
    deadlineMs,
  );
  for (const one of worked) tellEnd(one, telemetry);
  const open = worked
    .filter(({ end }) => end.kind !== 'done')
    .map(({ received }) => received.receipt);
  const openIds = messages.filter(({ received }) => open.includes(received.receipt));
  const failures = [...poison, ...openIds].map(({ messageId }) => ({ itemIdentifier: messageId }));
  return { batchItemFailures: failures };
}

/**
 * Nobody will ever read it: it goes to the dead-letter queue without its group waiting for it. If
 * the queue does not answer, it goes there by itself, and the tasks of its batch do not pay for it.
 */
async function passOn(
  { messageId, receipt, problem }: Poison,
  queue: TaskQueue,
  telemetry: Telemetry,
): Promise<void> {
  telemetry.messageEnded(undefined, 'poison');
  telemetry.log.error('poison message', { messageId, problem });
  try {
    await queue.postpone(receipt, 0);
  } catch (error) {
    telemetry.log.error('poison message stays', { messageId, error: String(error) });
  }
}

function parseRecord({ messageId, body, receiptHandle, attributes }: SQSRecord): Message {
  const parsed = parseTask(body);
  if (parsed.kind === 'poison') {
    return { kind: 'poison', messageId, receipt: receiptHandle, problem: parsed.problem };
  }
  const receiveCount = Number(attributes.ApproximateReceiveCount);
  const firstMs = Number(attributes.ApproximateFirstReceiveTimestamp);
  const receivedMs = receiveCount === 1 && firstMs > 0 ? firstMs : undefined;
  const received = { task: parsed.task, receipt: receiptHandle, receiveCount, receivedMs };
  return { kind: 'task', messageId, received };
}

function tellEnd({ received, end }: WorkedTask, telemetry: Telemetry): void {
  const { runId, taskId, targets } = received.task;
  const about = { runId, taskId, targets: targets.length, receiveCount: received.receiveCount };
  telemetry.messageEnded(runId, end.kind);
  if (end.kind === 'broken') telemetry.log.error('task broke', { ...about, error: end.error });
  else telemetry.log.info(`task ${end.kind}`, about);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** How often it is looked whether messages are out, in milliseconds. */
const LOOK_MS = 20;

/**
 * Ends the receives that wait at a queue in memory whose time is over, as soon as no message of it is
 * out: a worker without work waits for a second, and whoever typed the command with it. Gives up
 * after `graceMs`. Never rejects.
 */
export async function endPolls(sqs: SQSClient, queueUrl: string, graceMs: number): Promise<void> {
  const untilMs = performance.now() + graceMs;
  try {
    while (performance.now() < untilMs) {
      if ((await messagesOut(sqs, queueUrl)) === 0) {
        await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
        return;
      }
      await sleep(LOOK_MS);
    }
  } catch {
    // The queue is gone already.
  }
}

async function messagesOut(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const name = 'ApproximateNumberOfMessagesNotVisible' as const;
  const answer = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }),
  );
  return Number(answer.Attributes?.[name] ?? 0);
}

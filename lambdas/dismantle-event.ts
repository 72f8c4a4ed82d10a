import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { parseTask } from '../contract/task-message.ts';
import { type DismantlePorts, dismantle } from '../core/dismantle.ts';
import { log } from './log.ts';

/** Each message of the dead-letter queue; one that breaks on us stays there, the others do not. */
export async function dismantleEvent(
  event: SQSEvent,
  ports: DismantlePorts,
): Promise<SQSBatchResponse> {
  const failures: { itemIdentifier: string }[] = [];
  for (const record of event.Records) {
    try {
      await dismantleRecord(record, ports);
    } catch (error) {
      log('error', 'dead letter broke', { messageId: record.messageId, error: String(error) });
      failures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures: failures };
}

async function dismantleRecord(
  { messageId, body }: SQSRecord,
  ports: DismantlePorts,
): Promise<void> {
  const parsed = parseTask(body);
  if (parsed.kind === 'poison') {
    await ports.ledger.tasks.keepPoison(messageId, body);
    return log('error', 'poison message kept', { messageId, problem: parsed.problem });
  }
  const { runId, taskId } = parsed.task;
  const dismantled = await dismantle(parsed.task, ports);
  log('error', `dead task: ${dismantled.kind}`, { runId, taskId, ...dismantled });
}

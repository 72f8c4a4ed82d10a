import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts';
import { parseTask } from '../../contract/task-message.ts';
import { type DismantlePorts, dismantle } from '../../core/worker/dismantle.ts';
import { bytesIn } from '../bytes-in.ts';

interface Ports extends DismantlePorts {
  readonly telemetry: Telemetry;
}

/** Each message of the dead-letter queue; one that breaks on us stays there, the others do not. */
export async function dismantleEvent(event: SQSEvent, ports: Ports): Promise<SQSBatchResponse> {
  const { telemetry } = ports;
  telemetry.received(bytesIn(event));
  const failures: { itemIdentifier: string }[] = [];
  for (const record of event.Records) {
    try {
      await dismantleRecord(record, ports);
    } catch (error) {
      telemetry.log.error('dead letter broke', { messageId: record.messageId, error });
      failures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures: failures };
}

async function dismantleRecord(
  { messageId, body, attributes }: SQSRecord,
  ports: Ports,
): Promise<void> {
  const { telemetry, ledger } = ports;
  const parsed = parseTask(body);
  if (parsed.kind === 'poison') {
    await ledger.tasks.keepPoison(messageId, body);
    telemetry.poisonKept();
    return telemetry.log.error('poison message kept', { messageId, problem: parsed.problem });
  }
  const { runId, taskId } = parsed.task;
  telemetry.deadTask(runId);
  const delivery = Number(attributes.ApproximateReceiveCount);
  const dismantled = await dismantle(parsed.task, ports, delivery);
  const { kind } = dismantled;
  if (kind === 'dead-lettered' || kind === 'crawler-fault')
    telemetry.givenUp(runId, 'failed', kind);
  telemetry.log.error(`dead task: ${kind}`, { runId, taskId, ...dismantled });
}

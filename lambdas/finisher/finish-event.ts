import type { LambdaFinisher } from '../../adapters/aws/lambda-finisher.ts';
import { finishInvocation, type InvocationPorts } from '../../adapters/finish/finish-invocation.ts';
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts';
import { parseFinishEvent } from '../../contract/finish-event.ts';
import type { Invocation } from '../worker/work-event.ts';

/** Dependencies of the finisher. */
export interface FinisherPorts extends InvocationPorts {
  readonly finisher: Pick<LambdaFinisher, 'goOn'>;
  readonly telemetry: Telemetry;
}

/** Time that one more portion of a run may take, in milliseconds: a third of an invocation. */
const PORTION_MS = 300_000;

/** Finishes the run that an event names; hands over to the next invocation when time runs out. */
export async function finishEvent(
  event: unknown,
  context: Invocation,
  { finisher, telemetry, ...ports }: FinisherPorts,
): Promise<void> {
  const notAfterMs = ports.clock.now() + context.getRemainingTimeInMillis() - PORTION_MS;
  const order = parseFinishEvent(event);
  const { runId } = order;
  telemetry.worksFor(runId);
  const end = await finishInvocation(order, () => ports.clock.now() >= notAfterMs, ports);
  telemetry.log.info(`finishing ${end.kind}`, { runId, ...end });
  if (end.kind === 'hand-over') await finisher.goOn(end.order);
}

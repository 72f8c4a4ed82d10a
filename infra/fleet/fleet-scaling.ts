import { Duration } from 'aws-cdk-lib';
import {
  AdjustmentType,
  ScalableTarget,
  type ScalingInterval,
  ServiceNamespace,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnCluster, CfnService } from 'aws-cdk-lib/aws-ecs';

/** Tasks of the queue that a container has at once, at least: a task of few hosts takes little. */
const TASKS_EACH = 20;

/** From no container at all to `count`, by what waits in the queue or is out. */
export function scaleByQueue(
  cluster: CfnCluster,
  service: CfnService,
  { count, queueName }: { readonly count: number; readonly queueName: string },
): void {
  const target = new ScalableTarget(service, 'Count', {
    serviceNamespace: ServiceNamespace.ECS,
    resourceId: `service/${cluster.ref}/${service.attrName}`,
    scalableDimension: 'ecs:service:DesiredCount',
    minCapacity: 0,
    maxCapacity: count,
  });
  target.scaleOnMetric('Queue', {
    metric: messagesOf(queueName),
    adjustmentType: AdjustmentType.EXACT_CAPACITY,
    scalingSteps: stepsTo(count),
    cooldown: Duration.minutes(1),
  });
}

/** Those that are out count: a container that ends while they are would give them back. */
function messagesOf(queueName: string): MathExpression {
  const of = (metricName: string) =>
    new Metric({
      namespace: 'AWS/SQS',
      metricName,
      dimensionsMap: { QueueName: queueName },
      statistic: 'Maximum',
      period: Duration.minutes(1),
    });
  return new MathExpression({
    expression: 'waiting + out',
    usingMetrics: {
      waiting: of('ApproximateNumberOfMessagesVisible'),
      out: of('ApproximateNumberOfMessagesNotVisible'),
    },
    period: Duration.minutes(1),
  });
}

/** None, one, a quarter, a half, all. */
export function stepsTo(count: number): ScalingInterval[] {
  const sizes = [1, Math.ceil(count / 4), Math.ceil(count / 2), count];
  const different = [...new Set(sizes)];
  const fromOf = (size: number) => (size === 1 ? 1 : size * TASKS_EACH);
  const steps = different.map((size, at) => {
    const next = different[at + 1];
    return { lower: fromOf(size), upper: next && fromOf(next), change: size };
  });
  return [{ lower: 0, upper: 1, change: 0 }, ...steps];
}

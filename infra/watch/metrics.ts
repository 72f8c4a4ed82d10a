import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type MetricName,
  NAMESPACE,
  type SeriesOf,
  STACK_DIMENSION,
} from '../../contract/metrics.ts';

/** How finely everything is drawn and judged. */
export const PERIOD = Duration.minutes(5);

/** The parts of a stack that have metrics, by the names that AWS gave them. */
export interface WatchedParts {
  readonly stack: string;
  readonly taskQueue: string;
  /** The queue of deferred tasks. */
  readonly deferred: string;
  readonly deadLetters: string;
  readonly deferredDeadLetters: string;
  /** The queue of events for the seeder that failed. */
  readonly seederFailures: string;
  readonly table: string;
  readonly functions: readonly { readonly label: string; readonly name: string }[];
  readonly worker: string;
  /** Log groups of all functions. */
  readonly logs: readonly string[];
}

interface Look {
  readonly statistic?: string;
  readonly label?: string;
  readonly period?: Duration;
}

/** A series that the functions write; a name or a dimension that they do not write does not compile. */
export function own<Name extends MetricName>(
  stack: string,
  metricName: Name,
  series: SeriesOf<Name>,
  { statistic = 'Sum', label = metricName, period = PERIOD }: Look = {},
): Metric {
  const dimensionsMap = { [STACK_DIMENSION]: stack, ...series };
  return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap, statistic, label, period });
}

/** Every value that a dimension ever has in a metric of the functions, found when it is looked at. */
export function ownByEach(
  stack: string,
  metricName: MetricName,
  dimension: string,
): MathExpression {
  const schema = `{${NAMESPACE},${STACK_DIMENSION},${dimension}}`;
  const filter = `${STACK_DIMENSION}="${stack}" MetricName="${metricName}"`;
  const expression = `SEARCH('${schema} ${filter}', 'Sum', ${PERIOD.toSeconds()})`;
  return new MathExpression({ expression, usingMetrics: {}, label: '', period: PERIOD });
}

/** Namespaces of AWS, each with the dimension by which its parts are told apart. */
const DIMENSIONS = {
  'AWS/Lambda': 'FunctionName',
  'AWS/SQS': 'QueueName',
  'AWS/DynamoDB': 'TableName',
} as const;

/** A series that AWS writes by itself. */
export function ofAws(
  namespace: keyof typeof DIMENSIONS,
  metricName: string,
  part: string,
  { statistic = 'Sum', label = metricName, period = PERIOD }: Look = {},
): Metric {
  const dimensionsMap = { [DIMENSIONS[namespace]]: part };
  return new Metric({ namespace, metricName, dimensionsMap, statistic, label, period });
}

/** A formula over series; a point that is missing counts as 0. */
export function formula(
  expression: string,
  usingMetrics: Readonly<Record<string, IMetric>>,
  label: string,
  period = PERIOD,
): MathExpression {
  const names = Object.keys(usingMetrics).join('|');
  const filled = expression.replace(
    new RegExp(`(?<!PERIOD\\()\\b(${names})\\b`, 'g'),
    'FILL($1, 0)',
  );
  return new MathExpression({
    expression: filled,
    usingMetrics: { ...usingMetrics },
    label,
    period,
  });
}

/** Targets settled, by their status. */
export function settledBy(stack: string) {
  const by = (Status: 'succeeded' | 'failed' | 'skipped') =>
    own(stack, 'TargetsSettled', { Status }, { label: Status });
  return { succeeded: by('succeeded'), failed: by('failed'), skipped: by('skipped') };
}

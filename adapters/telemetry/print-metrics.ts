import { Metrics } from '@aws-lambda-powertools/metrics';
import { METRICS, type MetricName, NAMESPACE, RUN_PROPERTY } from '../../contract/metrics.ts';
import type { MetricValues, PrintMetrics } from './metric-line.ts';

/**
 * Prints metrics to standard output in CloudWatch's embedded metric format: no request is made, and
 * none is waited for. The stack is a dimension of each.
 */
export function printMetricsOf(stack: string): PrintMetrics {
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: stack });
  return ({ series, values }, runId) => {
    for (const [dimension, value] of Object.entries(series)) metrics.addDimension(dimension, value);
    if (runId !== undefined) metrics.addMetadata(RUN_PROPERTY, runId);
    for (const name of namesIn(values)) {
      for (const value of [values[name] ?? []].flat()) {
        metrics.addMetric(name, METRICS[name].unit, value);
      }
    }
    metrics.publishStoredMetrics();
  };
}

function namesIn(values: MetricValues): readonly MetricName[] {
  return Object.keys(values).filter(isMetricName);
}

function isMetricName(text: string): text is MetricName {
  return Object.hasOwn(METRICS, text);
}

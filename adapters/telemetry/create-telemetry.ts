import type { FunctionName } from '../../contract/metrics.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { Bill } from './bill.ts';
import { FunctionLog } from './function-log.ts';
import { printMetricsOf } from './print-metrics.ts';
import { Telemetry } from './telemetry.ts';

/** What the environment of a function says of how it is watched. */
interface WatchedEnvironment {
  readonly STACK_NAME: string;
  readonly DEBUG_SAMPLE_RATE: number;
  readonly AWS_LAMBDA_FUNCTION_MEMORY_SIZE: number;
}

/** Watches a function: its log and its metrics are lines of its standard output. */
export function createTelemetry(
  name: FunctionName,
  { STACK_NAME, DEBUG_SAMPLE_RATE, AWS_LAMBDA_FUNCTION_MEMORY_SIZE }: WatchedEnvironment,
  clock: Clock,
): { readonly telemetry: Telemetry; readonly charge: Bill['charge'] } {
  const bill = new Bill();
  const log = new FunctionLog(STACK_NAME, DEBUG_SAMPLE_RATE);
  const ports = { clock, log, bill, printMetrics: printMetricsOf(STACK_NAME) };
  const telemetry = new Telemetry(ports, { name, memoryMb: AWS_LAMBDA_FUNCTION_MEMORY_SIZE });
  return { telemetry, charge: bill.charge };
}

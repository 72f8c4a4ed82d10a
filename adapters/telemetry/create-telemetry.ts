import type { KeptFault } from '../../contract/kept-fault.ts';
import type { FunctionName } from '../../contract/metrics.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { CostMeter } from '../../core/ports/cost-meter.ts';
import { createDynamo } from '../aws/clients.ts';
import { DynamoFaults } from '../aws/dynamo-faults.ts';
import { withExpiry } from '../aws/expiring-items.ts';
import { Bill } from './bill.ts';
import { FaultLog } from './fault-log.ts';
import { FunctionLog } from './function-log.ts';
import { printMetricsOf } from './print-metrics.ts';
import { Telemetry } from './telemetry.ts';

/** What the environment of a function says of how it is watched. */
interface WatchedEnvironment {
  readonly STACK_NAME: string;
  readonly DEBUG_SAMPLE_RATE: number;
  readonly AWS_LAMBDA_FUNCTION_MEMORY_SIZE: number;
  /** Where errors are kept that people see who follow a run; absent where a function has no table. */
  readonly TABLE_NAME?: string;
  readonly RESULT_RETENTION_DAYS?: number;
}

/** Watches a function: its log and its metrics are lines of its standard output. */
export function createTelemetry(
  name: FunctionName,
  environment: WatchedEnvironment,
  clock: Clock,
): { readonly telemetry: Telemetry; readonly charge: Bill['charge']; readonly meter: CostMeter } {
  const { STACK_NAME, DEBUG_SAMPLE_RATE, AWS_LAMBDA_FUNCTION_MEMORY_SIZE } = environment;
  const bill = new Bill(clock, AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
  const log = new FunctionLog(STACK_NAME, DEBUG_SAMPLE_RATE);
  const faults = faultLogOf(name, environment, clock);
  const ports = { clock, log, faults, bill, printMetrics: printMetricsOf(STACK_NAME) };
  const telemetry = new Telemetry(ports, name);
  return { telemetry, charge: bill.charge, meter: bill };
}

/** Its client is made with the first error: most instances of a function never have one. */
function faultLogOf(
  name: FunctionName,
  { TABLE_NAME: table, RESULT_RETENTION_DAYS: days = 0 }: WatchedEnvironment,
  clock: Clock,
) {
  if (table === undefined) return undefined;
  let shelf: DynamoFaults | undefined;
  const keep = (runId: string, fault: KeptFault) => {
    shelf ??= new DynamoFaults(withExpiry(createDynamo(), days), table);
    return shelf.add(runId, fault);
  };
  return new FaultLog({ clock, keep }, name);
}

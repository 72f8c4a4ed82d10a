import { Bill } from '../../adapters/telemetry/bill.ts';
import type { LogFields } from '../../adapters/telemetry/log.ts';
import type { MetricLine } from '../../adapters/telemetry/metric-line.ts';
import { Telemetry, type TelemetryPorts } from '../../adapters/telemetry/telemetry.ts';
import type { FunctionName } from '../../contract/metrics.ts';
import type { Clock } from '../../core/ports/clock.ts';

/** A line of the log. */
interface Said {
  readonly level: 'debug' | 'info' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** What is recorded besides. */
interface Recorded extends Pick<TelemetryPorts, 'faults'> {
  readonly isDebug?: boolean;
}

/** Telemetry that prints nothing and keeps everything. */
export class RecordedTelemetry extends Telemetry {
  readonly said: Said[];
  readonly printed: (MetricLine & { readonly runId: string | undefined })[];
  readonly bill: Bill;

  constructor(
    clock: Clock,
    { name = 'worker', memoryMb = 1024 }: { name?: FunctionName; memoryMb?: number } = {},
    { isDebug = false, faults }: Recorded = {},
  ) {
    const bill = new Bill(clock, memoryMb);
    const said: Said[] = [];
    const printed: RecordedTelemetry['printed'] = [];
    const say = (level: Said['level']) => (message: string, fields: LogFields) =>
      void said.push({ level, message, fields });
    const log = {
      isDebug,
      begin() {},
      debug: say('debug'),
      info: say('info'),
      error: say('error'),
    };
    const printMetrics = (line: MetricLine, runId: string | undefined) =>
      void printed.push({ ...line, runId });
    super({ clock, log, bill, faults, printMetrics }, name);
    this.said = said;
    this.printed = printed;
    this.bill = bill;
  }
}

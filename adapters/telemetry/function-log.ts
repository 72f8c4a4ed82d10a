import { Logger } from '@aws-lambda-powertools/logger';
import type { Log, LogFields } from './log.ts';
import { withoutSecrets } from './without-secrets.ts';

/** The log of a function, written to its standard output as CloudWatch Logs Insights reads it. */
export class FunctionLog implements Log {
  readonly #logger: Logger;

  /** `debugSampleRate` is the share of invocations that write their `debug` lines, from 0 to 1. */
  constructor(stack: string, debugSampleRate: number) {
    this.#logger = new Logger({
      serviceName: stack,
      logLevel: 'INFO',
      sampleRateValue: debugSampleRate,
      jsonReplacerFn: (_, value) => (typeof value === 'string' ? withoutSecrets(value) : value),
    });
  }

  /** Draws whether this invocation is in the sample; its id is in every line from now on. */
  begin(requestId: string): void {
    this.#logger.refreshSampleRateCalculation();
    this.#logger.appendKeys({ requestId });
  }

  get isDebug(): boolean {
    return this.#logger.getLevelName() === 'DEBUG';
  }

  debug(message: string, fields: LogFields): void {
    this.#logger.debug(message, { ...fields });
  }

  info(message: string, fields: LogFields): void {
    this.#logger.info(message, { ...fields });
  }

  error(message: string, fields: LogFields): void {
    this.#logger.error(message, { ...fields });
  }
}

import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { FinishOrder } from '../../contract/finish-event.ts';
import type { Finisher } from '../../core/ports/seeder.ts';
import { invokeLater } from './invoke-later.ts';

/** The finisher as a Lambda function, invoked and not waited for. */
export class LambdaFinisher implements Finisher {
  readonly #lambda: LambdaClient;
  readonly #functionName: string;

  constructor(lambda: LambdaClient, functionName: string) {
    this.#lambda = lambda;
    this.#functionName = functionName;
  }

  finish(runId: string): Promise<void> {
    return this.goOn({ runId });
  }

  /** Another invocation goes on where this one was. */
  goOn(order: FinishOrder): Promise<void> {
    return invokeLater(this.#lambda, this.#functionName, order);
  }
}

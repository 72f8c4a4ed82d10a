import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { SeedEvent } from '../../contract/seed-event.ts';
import type { Seeder } from '../../core/ports/seeder.ts';

/** The seeder as a Lambda function, invoked and not waited for. */
export class LambdaSeeder implements Seeder {
  readonly #lambda: LambdaClient;
  readonly #functionName: string;

  constructor(lambda: LambdaClient, functionName: string) {
    this.#lambda = lambda;
    this.#functionName = functionName;
  }

  start(runId: string): Promise<void> {
    return this.#invoke({ runId });
  }

  wake(runId: string): Promise<void> {
    return this.#invoke({ runId, wake: true });
  }

  async #invoke(event: SeedEvent): Promise<void> {
    await this.#lambda.send(
      new InvokeCommand({
        FunctionName: this.#functionName,
        InvocationType: 'Event',
        Payload: JSON.stringify(event),
      }),
    );
  }
}

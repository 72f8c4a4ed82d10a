import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SeedEvent } from '../../contract/seed-event.ts';
import type { Seeder } from '../../core/ports/seeder.ts';
import { invokeLater } from './invoke-later.ts';

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

  #invoke(event: SeedEvent): Promise<void> {
    return invokeLater(this.#lambda, this.#functionName, event);
  }
}

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** Another command changed the run in between, or removed it. */
export class RunChangedError extends Error {
  override readonly name = 'RunChangedError';
  constructor(runId: string) {
    super(`run ${runId} was changed by another command just now: try again`);
  }
}

/** Waits for a write to the record of a run. @throws RunChangedError when its condition does not hold */
export async function unlessChanged(runId: string, write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw new RunChangedError(runId);
    throw error;
  }
}

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** A write whose condition does not hold is one that somebody else has made. */
export async function unlessFalse(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

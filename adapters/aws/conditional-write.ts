import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** A write whose condition does not hold is one that somebody else has made: false. */
export async function unlessFalse(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return false;
  }
}

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
  type Update,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../core/ports/clock.ts';

/** Tries of a write that meets another one of the same item, about six seconds in all. */
const MAX_TRIES = 8;

/** Changes items together or not at all; false when a condition does not hold. */
export function transactUpdates(
  dynamo: DynamoDBClient,
  clock: Clock,
  updates: readonly Update[],
): Promise<boolean> {
  const TransactItems = updates.map((Update) => ({ Update }));
  return untilFree(clock, () => dynamo.send(new TransactWriteItemsCommand({ TransactItems })));
}

/** Changes an item that transactions change as well; false when its condition does not hold. */
export function updateShared(
  dynamo: DynamoDBClient,
  clock: Clock,
  update: UpdateItemCommandInput,
): Promise<boolean> {
  return untilFree(clock, () => dynamo.send(new UpdateItemCommand(update)));
}

/** The SDK does not try again what met a transaction: DynamoDB refuses the later of the two. */
async function untilFree(clock: Clock, write: () => Promise<unknown>): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      await write();
      return true;
    } catch (error) {
      if (isRefused(error)) return false;
      if (!isConflict(error) || tries === MAX_TRIES) throw error;
      await clock.sleep(25 * 2 ** tries);
    }
  }
}

function isRefused(error: unknown): boolean {
  return (
    error instanceof ConditionalCheckFailedException ||
    codesOf(error).includes('ConditionalCheckFailed')
  );
}

function isConflict(error: unknown): boolean {
  return (
    error instanceof TransactionConflictException ||
    codesOf(error).some((code) => PASSING.has(code ?? ''))
  );
}

function codesOf(error: unknown): readonly (string | undefined)[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return error.CancellationReasons?.map(({ Code }) => Code) ?? [];
}

const PASSING: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

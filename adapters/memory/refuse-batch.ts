/** Throws where DynamoDB rejects a whole batch: too many keys, or one of them twice. */
export function refuseBatch(keys: readonly string[], max = Number.POSITIVE_INFINITY): void {
  if (keys.length > max)
    throw new BatchRefusedError(`${keys.length} keys, expected at most ${max}`);
  if (new Set(keys).size < keys.length) throw new BatchRefusedError('a key twice in one batch');
}

/** The twin of DynamoDB's ValidationException. */
export class BatchRefusedError extends Error {
  override readonly name = 'BatchRefusedError';
}

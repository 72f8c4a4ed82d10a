import { AwsError } from '../aws-error.ts';
import { type Fields, objectsIn, textIn } from '../fields.ts';

const MAX_ENTRIES = 10;
const ENTRY_ID = /^[\w-]{1,80}$/;

/** The entries of a batch. @throws AwsError when there are none, too many, or two of one id */
export function entriesOf(input: Fields): readonly Fields[] {
  const entries = objectsIn(input, 'Entries');
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MAX_ENTRIES) {
    const problem = `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`;
    throw new AwsError('TooManyEntriesInBatchRequest', problem);
  }
  const ids = new Set(entries.map((entry) => textIn(entry, 'Id')));
  const odd = [...ids].find((id) => !ENTRY_ID.test(id));
  if (odd !== undefined)
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  if (ids.size < entries.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Ids of the batch are not distinct.');
  return entries;
}

/** Carries out each entry by itself: what fails is told beside what does not. */
export function eachEntry(entries: readonly Fields[], carryOut: (entry: Fields) => Fields): Fields {
  const Successful: Fields[] = [];
  const Failed: Fields[] = [];
  for (const entry of entries) {
    const { Id } = entry;
    try {
      Successful.push({ Id, ...carryOut(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id, SenderFault: true, Code: error.name, Message: error.message });
    }
  }
  return Failed.length === 0 ? { Successful } : { Successful, Failed };
}

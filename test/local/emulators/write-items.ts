import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createDynamo } from '../../../adapters/aws/clients.ts';
import { startEmulators } from '../../../local/emulators/emulators.ts';
import { LOCAL_IDENTITY } from '../../../local/local-clients.ts';
import { createLedger, TableName } from '../create-ledger.ts';

/**
 * A process of its own: writes so many items into the ledger of a folder, many at once, says
 * `answered` after the last answer, and then waits to be killed.
 */
const [folder = '', count = '0'] = process.argv.slice(2);
const emulators = await startEmulators(folder);
const dynamo = createDynamo({ ...LOCAL_IDENTITY, endpoint: emulators.url });
await createLedger(dynamo);
await Promise.all(
  Array.from({ length: Number(count) }, (_, at) =>
    dynamo.send(new PutItemCommand({ TableName, Item: { pk: { S: `item-${at}` } } })),
  ),
);
console.log('answered');

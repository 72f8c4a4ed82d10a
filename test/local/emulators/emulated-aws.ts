import { onTestFinished } from 'vitest';
import { createDynamo, createS3, createSqs } from '../../../adapters/aws/clients.ts';
import { type EmulatorOptions, startEmulators } from '../../../local/emulators/emulators.ts';
import { LOCAL_IDENTITY } from '../../../local/local-clients.ts';
import { freshFolder } from '../../fresh-folder.ts';

/** Emulators with clients of them, on a folder, until the test or `close` ends them. */
export async function emulatedAws(options: EmulatorOptions = {}, folder?: string) {
  const emulators = await startEmulators(folder ?? (await freshFolder()), options);
  const connection = { ...LOCAL_IDENTITY, endpoint: emulators.url };
  const clients = {
    sqs: createSqs(connection),
    s3: createS3(connection),
    dynamo: createDynamo(connection),
  };
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= emulators.close();
    for (const client of Object.values(clients)) client.destroy();
    return closed;
  };
  onTestFinished(close);
  return { ...clients, url: emulators.url, close };
}

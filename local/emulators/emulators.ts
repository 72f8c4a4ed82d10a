import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CreatedObject } from '../functions/object-events.ts';
import { PermissionJudge } from '../permissions/permission-judge.ts';
import { DataFile } from './data-file.ts';
import { createDynamoDb } from './dynamodb.ts';
import { createS3Service } from './s3.ts';
import { createAwsServer } from './server.ts';
import { createSqsService } from './sqs.ts';

/** Addresses of the services and of the function host. */
export interface Endpoints {
  readonly sqs: string;
  readonly dynamodb: string;
  readonly s3: string;
  readonly lambda: string;
}

/** A running emulator. */
export interface Emulator {
  readonly url: string;
  close(): Promise<void>;
}

/** Told of each request: the service and the action; and of billed units, with how many. */
export type OnRequest = (service: string, action: string, times?: number) => void;

/** What the emulators may be given besides their folder. */
export interface EmulatorOptions {
  readonly onRequest?: OnRequest;
  readonly judge?: PermissionJudge;
  /** Told of each object that is put into a bucket. */
  readonly onObject?: (object: CreatedObject) => void;
}

/**
 * SQS, DynamoDB and S3 behind one address of loopback: the calls that are listed in `emulators/`,
 * and no other one. Tables and objects are kept in the folder, messages in memory.
 * @throws DataFormatError, DataFileBusyError
 */
export async function startEmulators(
  folder: string,
  options: EmulatorOptions = {},
): Promise<Emulator> {
  const { onRequest = () => {}, judge = new PermissionJudge(), onObject = () => {} } = options;
  const file = new DataFile(folder);
  const dynamodb = createDynamoDb(file, ({ written, read }) => {
    if (written > 0) onRequest('units', 'written', written);
    if (read > 0) onRequest('units', 'read', read);
  });
  const s3 = createS3Service({ file, judge, onRequest, onObject });
  const server = createAwsServer({ sqs: createSqsService(), dynamodb, s3, judge, onRequest });
  const url = await listen(server);
  const close = async () => {
    await closed(server);
    file.close();
  };
  return { url, close };
}

/** Listens on a free port of loopback; gives the URL. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return `http://127.0.0.1:${isPort(address) ? address.port : ''}`;
}

function isPort(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

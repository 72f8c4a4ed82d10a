import { mkdir } from 'node:fs/promises';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { checksumNatively } from './native-checksum.ts';
import { type CreatedObject, createdBy } from './object-events.ts';
import { judgeDynalite, seeParsedRequests } from './permissions/judge-dynalite.ts';
import { refuse } from './permissions/judge-fauxqs.ts';
import { PermissionJudge } from './permissions/permission-judge.ts';
import { makeLevelPrompt } from './prompt-level.ts';
import { deliverWholeGroups } from './whole-groups.ts';

/** Addresses of the emulators and of the function host. */
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

/** SQS and S3, in memory: with files of its own fauxqs loses messages that become visible at once. */
export async function startFauxqs(
  onRequest: OnRequest,
  judge = new PermissionJudge(),
  onObject: (object: CreatedObject) => void = () => {},
): Promise<Emulator> {
  const { buildApp } = await import('fauxqs');
  await deliverWholeGroups();
  const app = buildApp({ logger: false, host: 'localhost' });
  app.addHook('onRequest', async ({ method, headers }) => {
    const target = headers['x-amz-target'];
    if (typeof target === 'string') onRequest('sqs', actionOf(target));
    else onRequest('s3', method);
  });
  app.addHook('preHandler', (request, reply, done) => {
    const refusal = refuse(request, judge);
    if (refusal === undefined) return done();
    reply.code(refusal.status).headers(refusal.headers).send(refusal.body);
  });
  app.addHook('onResponse', async ({ method, url, headers }, reply) => {
    const bytes = Number(headers['content-length'] ?? 0);
    const etag = String(reply.getHeader('etag') ?? '').replaceAll('"', '');
    const created = createdBy({ method, url, status: reply.statusCode, bytes, etag });
    if (created !== undefined) onObject(created);
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const close = async () => {
    app.server.closeAllConnections();
    await app.close();
  };
  return { url, close };
}

/** DynamoDB, with its files in a folder: a run outlives the process. */
export async function startDynalite(
  folder: string,
  onRequest: OnRequest,
  judge = new PermissionJudge(),
): Promise<Emulator> {
  makeLevelPrompt();
  const { rememberTables } = await import('./known-tables.ts');
  const { batchInOneGo } = await import('./prompt-batches.ts');
  const { takePlainBatches } = await import('./plain-requests.ts');
  rememberTables();
  batchInOneGo();
  takePlainBatches();
  checksumNatively();
  await seeParsedRequests();
  const { default: dynalite } = await import('dynalite');
  await mkdir(folder, { recursive: true });
  const server = dynalite({ path: join(folder, 'ledger'), createTableMs: 0 });
  server.prependListener('request', ({ headers }: IncomingMessage) => {
    onRequest('dynamodb', actionOf(String(headers['x-amz-target'])));
  });
  judgeDynalite(server, judge, ({ written, read }) => {
    if (written > 0) onRequest('units', 'written', written);
    if (read > 0) onRequest('units', 'read', read);
  });
  const url = await listen(server);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
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

function actionOf(target: string): string {
  return target.slice(target.indexOf('.') + 1);
}

import { busy } from './data-directory.ts';
import { DataFileBusyError } from './emulators/data-file.ts';
import { type Endpoints, type OnRequest, startEmulators } from './emulators/emulators.ts';
import type { CreatedObject } from './functions/object-events.ts';
import type { PermissionJudge } from './permissions/permission-judge.ts';

/** What the services of AWS are for a stack: where they are, and how to let them go. */
export interface Services {
  readonly endpoints: Omit<Endpoints, 'lambda'>;
  close(): Promise<void>;
}

interface ServiceOptions {
  readonly dataDir: string;
  /** A server that speaks for all of them, and is somebody else's to start and end. */
  readonly endpoint?: string;
  readonly onRequest: OnRequest;
  readonly judge: PermissionJudge;
  readonly onObject: (object: CreatedObject) => void;
}

/** The emulators of this machine, or a server that is there already. */
export async function startServices(options: ServiceOptions): Promise<Services> {
  const { dataDir, endpoint, ...rest } = options;
  if (endpoint !== undefined) return { endpoints: allAt(endpoint), close: async () => {} };
  const { url, close } = await startEmulators(dataDir, rest).catch((error) => {
    throw error instanceof DataFileBusyError ? busy(dataDir) : error;
  });
  return { endpoints: allAt(url), close };
}

function allAt(url: string): Services['endpoints'] {
  return { sqs: url, dynamodb: url, s3: url };
}

import {
  type Emulator,
  type Endpoints,
  type OnRequest,
  startDynalite,
  startFauxqs,
} from './emulators.ts';
import type { CreatedObject } from './object-events.ts';
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
  const { dataDir, endpoint, onRequest, judge, onObject } = options;
  if (endpoint !== undefined) {
    const endpoints = { sqs: endpoint, dynamodb: endpoint, s3: endpoint };
    return { endpoints, close: async () => {} };
  }
  const starting = [
    startFauxqs(onRequest, judge, onObject),
    startDynalite(dataDir, onRequest, judge),
  ] as const;
  const close = async (): Promise<void> => {
    const started = await Promise.allSettled<Emulator>(starting);
    await Promise.all(
      started.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)),
    );
  };
  try {
    const [fauxqs, dynalite] = await Promise.all(starting);
    const endpoints = { sqs: fauxqs.url, s3: fauxqs.url, dynamodb: dynalite.url };
    return { endpoints, close };
  } catch (error) {
    await close();
    throw error;
  }
}

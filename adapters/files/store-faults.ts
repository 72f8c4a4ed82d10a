/** Reaches every thread of this process: functions run in threads of their own here. */
const CHANNEL = 'image-crawler:store-fault';

/** An image that could not be kept. */
export interface StoreFault {
  readonly runId: string;
  readonly path: string;
  /** The system's, like `ENOSPC`. */
  readonly code: string;
}

/** Tells whoever watches that a disk does not take the images of a run. */
export function tellStoreFault(fault: StoreFault): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(fault);
  channel.close();
}

/** Hears of such faults of one run until it is disposed of. */
export function watchStore(runId: string, onFault: (fault: StoreFault) => void): Disposable {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: { readonly data: unknown }) => {
    if (isFault(data) && data.runId === runId) onFault(data);
  };
  return { [Symbol.dispose]: () => channel.close() };
}

function isFault(data: unknown): data is StoreFault {
  const fields = new Map<string, unknown>(Object.entries(Object(data)));
  return ['runId', 'path', 'code'].every((name) => typeof fields.get(name) === 'string');
}

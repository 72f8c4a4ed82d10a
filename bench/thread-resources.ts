import { Session } from 'node:inspector/promises';

/** What keeps the event loops of this process busy, by name, such as `Timeout`; see Node's docs. */
export type ThreadResources = Record<string, number>;

/** How long a thread that is busy may take to tell, in milliseconds. */
const PATIENCE_MS = 2000;
const EVALUATE = {
  method: 'Runtime.evaluate',
  params: { expression: 'JSON.stringify(process.getActiveResourcesInfo())' },
};

/** Asks all threads of this process for their active resources, through the inspector. */
export class ResourceReader {
  readonly #session = new Session();
  readonly #threads = new Set<string>();
  readonly #waiting = new Map<string, (names: readonly string[]) => void>();
  #asked = 0;

  /** Begins to follow which threads there are. */
  async open(): Promise<void> {
    this.#session.connect();
    this.#session.on('NodeWorker.attachedToWorker', ({ params }) => {
      this.#threads.add(params.sessionId);
    });
    this.#session.on('NodeWorker.detachedFromWorker', ({ params }) => {
      this.#threads.delete(params.sessionId);
    });
    this.#session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
      const { id, result } = JSON.parse(params.message);
      this.#waiting.get(`${params.sessionId} ${id}`)?.(JSON.parse(result?.result?.value ?? '[]'));
    });
    await this.#session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }

  /** Sums over the threads; one that does not answer in time is left out. */
  async read(): Promise<ThreadResources> {
    const ofThreads = [...this.#threads].map((sessionId) => this.#ask(sessionId));
    const names = [process.getActiveResourcesInfo(), ...(await Promise.all(ofThreads))].flat();
    const counts: ThreadResources = {};
    for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  }

  async #ask(sessionId: string): Promise<readonly string[]> {
    this.#asked += 1;
    const id = this.#asked;
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    const timer = setTimeout(resolve, PATIENCE_MS, []).unref();
    this.#waiting.set(`${sessionId} ${id}`, resolve);
    const message = JSON.stringify({ id, ...EVALUATE });
    // A thread that has just ended is no longer known.
    await this.#session
      .post('NodeWorker.sendMessageToWorker', { sessionId, message })
      .catch(() => resolve([]));
    const names = await promise;
    clearTimeout(timer);
    this.#waiting.delete(`${sessionId} ${id}`);
    return names;
  }
}

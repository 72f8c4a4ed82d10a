import type { Writable } from 'node:stream';
import { FunctionInstance, type FunctionSpec, type InvocationEnd } from './function-instance.ts';

/** Tries of an asynchronous invocation that fails: one and two more, as Lambda has it. */
const ASYNC_TRIES = 3;

/** How long an idle instance is kept, in milliseconds. */
const WARM_MS = 30_000;

/** A function: as many instances as are needed at once, kept warm. */
export class LocalFunction {
  readonly spec: FunctionSpec;
  readonly #log: Writable;
  readonly #idle: FunctionInstance[] = [];
  readonly #naps = new WeakMap<FunctionInstance, NodeJS.Timeout>();
  readonly #all = new Set<FunctionInstance>();
  #closed = false;
  #invocations = 0;
  #busyMs = 0;

  constructor(spec: FunctionSpec, log: Writable) {
    this.spec = spec;
    // Every instance writes to it, and there is no bound on instances that ten listeners would suit.
    this.#log = log.setMaxListeners(0);
  }

  /** Invokes the function and waits for its end. Never rejects. */
  async invoke(event: unknown): Promise<InvocationEnd> {
    if (this.#closed) return { kind: 'died', error: 'the runner is stopping' };
    const instance = this.#wake() ?? this.#start();
    const beganMs = performance.now();
    const end = await instance.invoke(event);
    this.#invocations += 1;
    this.#busyMs += performance.now() - beganMs;
    if (end.kind === 'died' || instance.isDead) this.#all.delete(instance);
    else this.#rest(instance);
    return end;
  }

  /** Starts an instance before it is needed. One that cannot start is told of by the invocation. */
  warm(): void {
    this.#rest(this.#start());
  }

  /** What Lambda would bill. */
  get used(): { readonly invocations: number; readonly gbSeconds: number } {
    const gb = this.spec.memoryMb / 1024;
    return { invocations: this.#invocations, gbSeconds: (gb * this.#busyMs) / 1000 };
  }

  /** Kept warm for a while, then given up, as Lambda does: an idle thread holds 40 MB. */
  #rest(instance: FunctionInstance): void {
    this.#idle.push(instance);
    const timer = setTimeout(() => {
      const place = this.#idle.indexOf(instance);
      if (place === -1) return;
      this.#idle.splice(place, 1);
      this.#all.delete(instance);
      void instance.kill();
    }, WARM_MS).unref();
    this.#naps.set(instance, timer);
  }

  /** A warm instance; one that died after its last invocation must not fail the next. */
  #wake(): FunctionInstance | undefined {
    const instance = this.#idle.pop();
    if (instance === undefined) return undefined;
    clearTimeout(this.#naps.get(instance));
    if (!instance.isDead) return instance;
    this.#all.delete(instance);
    return this.#wake();
  }

  /** Invokes the function and tries again when it fails; for events that nobody waits for. */
  async invokeAsync(event: unknown): Promise<InvocationEnd> {
    let end = await this.invoke(event);
    for (
      let tries = 1;
      tries < ASYNC_TRIES && end.kind !== 'returned' && !this.#closed;
      tries += 1
    ) {
      end = await this.invoke(event);
    }
    return end;
  }

  /** Kills every instance. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((instance) => instance.kill()));
  }

  #start(): FunctionInstance {
    const instance = new FunctionInstance(this.spec, this.#log);
    this.#all.add(instance);
    return instance;
  }
}

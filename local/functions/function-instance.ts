import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';

/** How an invocation ended; what is not `returned` is an error of the function, as Lambda has it. */
export type InvocationEnd =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: string }
  /** Killed at its time limit, out of memory, or gone by its own hand. */
  | { readonly kind: 'died'; readonly error: string };

/** A function as the template describes it. */
export interface FunctionSpec {
  readonly name: string;
  /** Absolute path of the module. */
  readonly module: string;
  /** Name of the export. */
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
  readonly environment: Readonly<Record<string, string>>;
}

let nextEnd = Promise.withResolvers<void>();

/** Resolves when the next invocation of this process has ended, of whichever function. */
export function nextInvocationEnd(): Promise<void> {
  return nextEnd.promise;
}

/**
 * Room for young objects in a thread, in MB. By default V8 takes 48 for each, and keeps them: a
 * few threads would hold more unused memory than everything else together.
 */
const YOUNG_MB = 12;

/** An option of Node that the thread carries out itself, for less. */
const SOURCE_MAPS = '--enable-source-maps';

/** One execution environment: a worker thread that takes one invocation at a time. */
export class FunctionInstance {
  readonly #spec: FunctionSpec;
  readonly #worker: Worker;
  #settle: ((end: InvocationEnd) => void) | undefined;
  #dead = false;

  constructor(spec: FunctionSpec, log: Writable) {
    this.#spec = spec;
    const { NODE_OPTIONS = '', ...env } = spec.environment;
    const options = NODE_OPTIONS.split(' ').filter((option) => option !== '');
    this.#worker = new Worker(new URL('./function-thread.ts', import.meta.url), {
      env: { ...env, NODE_COMPILE_CACHE: compiledBeside(spec.module) },
      workerData: {
        module: spec.module,
        handler: spec.handler,
        mapsStacks: options.includes(SOURCE_MAPS),
      },
      execArgv: options.filter((option) => option !== SOURCE_MAPS),
      resourceLimits: { maxOldGenerationSizeMb: spec.memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
      stdout: true,
      stderr: true,
    });
    this.#worker.stdout.pipe(log, { end: false });
    this.#worker.stderr.pipe(log, { end: false });
    this.#worker.on('message', (end: InvocationEnd) => this.#end(end));
    this.#worker.on('error', (error) => this.#die(String(error)));
    this.#worker.on('exit', (code) => this.#die(`exited with code ${code}`));
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Runs one event; past the time limit the thread is killed. Never rejects. */
  invoke(event: unknown): Promise<InvocationEnd> {
    const { timeoutS } = this.#spec;
    const deadlineMs = Date.now() + timeoutS * 1000;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#die(`timed out after ${timeoutS} s`);
        void this.#worker.terminate();
      }, timeoutS * 1000);
      this.#settle = (end) => {
        clearTimeout(timer);
        resolve(end);
      };
      if (this.#dead) this.#end({ kind: 'died', error: 'dead before it began' });
      else this.#worker.postMessage({ event, deadlineMs, requestId: randomUUID() });
    });
  }

  /** Ends the thread, whatever it does. */
  async kill(): Promise<void> {
    this.#die('killed');
    await this.#worker.terminate();
  }

  #die(error: string): void {
    this.#dead = true;
    this.#end({ kind: 'died', error });
  }

  #end(end: InvocationEnd): void {
    const settle = this.#settle;
    this.#settle = undefined;
    if (settle === undefined) return;
    settle(end);
    nextEnd.resolve();
    nextEnd = Promise.withResolvers();
  }
}

/** Compiled code is kept beside the asset: a thread starts in half the time. */
function compiledBeside(module: string): string {
  return join(dirname(module), '.compiled');
}

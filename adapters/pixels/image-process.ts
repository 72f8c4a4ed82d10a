import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { ImageToWork, ImageWorkEnd, WorkImage } from '../../core/ports/image-work.ts';
import { OUT_OF_MEMORY, type Reply, replyOf } from './process-messages.ts';

/** How to start and bound the process. */
export interface ImageProcessOptions {
  /** Absolute path of the module that serves the process. */
  readonly module: string;
  /** Memory that the process may hold, in MB. */
  readonly maxMemoryMb: number;
  /** How long one image may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** Variables of the process; by default those that it cannot start without. No secret belongs here. */
  readonly env?: NodeJS.ProcessEnv;
}

interface Job {
  readonly id: number;
  readonly image: ImageToWork;
  readonly resolve: (end: ImageWorkEnd) => void;
  readonly reject: (error: Error) => void;
}

interface Begun extends Job {
  /** Runs from when the process has started. */
  timer?: NodeJS.Timeout;
}

/** Characters of its error output that are kept. */
const MAX_STDERR = 1000;

/** Longer than the limit of libvips, which does not notice everything. */
const TIMEOUT_MS = 15_000;

/** Variables that a process of Node may need of the system: no credentials are among them. */
const PASSED = ['PATH', 'LD_LIBRARY_PATH', 'TZ', 'MALLOC_TRIM_THRESHOLD_', 'CHILD_NODE_OPTIONS'];

/**
 * Works on images in a process of its own, which is started with the first of them: native code that
 * crashes, hangs or takes too much memory ends that process and not the worker. Images that were in it
 * are tried again one by one, so that only the one that ends it alone is given up.
 */
export class ImageProcess {
  readonly #options: ImageProcessOptions;
  readonly #waiting: Job[] = [];
  /** Those that were in a process that ended: each is worked on alone. */
  readonly #suspects: Job[] = [];
  readonly #begun = new Map<number, Begun>();
  #child: ChildProcess | undefined;
  #isReady = false;
  /** The end of its error output: why it does not start. */
  #stderr = '';
  /** What is in the process is there alone. */
  #isAlone = false;
  #nextId = 0;

  constructor(options: ImageProcessOptions) {
    this.#options = options;
  }

  /** Resolves with what came of one image; rejects where the process cannot be started. */
  readonly work: WorkImage = (image) =>
    new Promise((resolve, reject) => {
      this.#nextId += 1;
      this.#waiting.push({ id: this.#nextId, image, resolve, reject });
      this.#sendMore();
    });

  /** Ends the process. */
  close(): void {
    this.#child?.kill('SIGKILL');
  }

  #sendMore(): void {
    while (!this.#isAlone && this.#begun.size < availableParallelism()) {
      const suspect = this.#begun.size === 0 ? this.#suspects.shift() : undefined;
      if (suspect === undefined && this.#suspects.length > 0) return;
      const job = suspect ?? this.#waiting.shift();
      if (job === undefined) return;
      this.#isAlone = suspect !== undefined;
      this.#send(job);
    }
  }

  #send(job: Job): void {
    const child = this.#child ?? this.#start();
    const begun: Begun = { ...job };
    this.#begun.set(job.id, begun);
    if (this.#isReady) this.#limit(begun, child);
    child.channel?.ref();
    // The `close` event handles a process that is gone by now.
    child.send({ id: job.id, image: job.image }, () => {});
  }

  #limit(begun: Begun, child: ChildProcess): void {
    const { timeoutMs = TIMEOUT_MS } = this.#options;
    begun.timer = setTimeout(() => {
      child.kill('SIGKILL');
      this.#lose(child, `it took more than ${timeoutMs} ms`);
    }, timeoutMs);
  }

  #start(): ChildProcess {
    const { module, maxMemoryMb, env = passedEnvironment() } = this.#options;
    const child = fork(module, [String(maxMemoryMb)], {
      env,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#stderr = '';
    child.stderr?.on('data', (text) => {
      this.#stderr = `${this.#stderr}${text}`.slice(-MAX_STDERR);
    });
    child.on('message', (message) => this.#receive(replyOf(message), child));
    child.on('error', () => {});
    // Its stderr is read to the end by then.
    child.once('close', (code, signal) => this.#lose(child, this.#howItEnded(code, signal)));
    child.unref();
    this.#isReady = false;
    this.#child = child;
    return child;
  }

  #receive(reply: Reply, child: ChildProcess): void {
    // A late message of a process that was given up.
    if (this.#child !== child) return;
    if (reply.kind === 'ready') {
      this.#isReady = true;
      for (const begun of this.#begun.values()) this.#limit(begun, child);
      return;
    }
    const job = this.#take(reply.id);
    if (reply.kind === 'done') job?.resolve(reply.end);
    else job?.reject(new Error(`image work: ${reply.message}`));
    this.#isAlone = false;
    if (this.#begun.size === 0) this.#child?.channel?.unref();
    this.#sendMore();
  }

  #take(id: number): Job | undefined {
    const job = this.#begun.get(id);
    clearTimeout(job?.timer);
    this.#begun.delete(id);
    return job;
  }

  /** An image that ends a process alone is given up; images that were in it together are tried again, each alone. */
  #lose(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    const left = [...this.#begun.keys()].flatMap((id) => this.#take(id) ?? []);
    const [first] = left;
    if (!this.#isReady) {
      const message = `the process for image work ended at its start: ${how} ${this.#stderr}`;
      for (const job of left) job.reject(new Error(message));
    } else if (left.length === 1 && first !== undefined) {
      first.resolve({ kind: 'unfit', reason: 'not-decodable', detail: how });
    } else {
      this.#suspects.push(...left);
    }
    this.#isAlone = false;
    this.#sendMore();
  }

  #howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
    if (code === OUT_OF_MEMORY) return `it took more than ${this.#options.maxMemoryMb} MB`;
    return `its decoder crashed: ${signal ?? `exit code ${code}`}`;
  }
}

function passedEnvironment(): NodeJS.ProcessEnv {
  const kept = PASSED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const { CHILD_NODE_OPTIONS, ...rest } = Object.fromEntries(kept);
  return CHILD_NODE_OPTIONS === undefined ? rest : { ...rest, NODE_OPTIONS: CHILD_NODE_OPTIONS };
}

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type StackOutputs, stackOutputs } from '../contract/stack-outputs.ts';
import { ProcessLock } from './process-lock.ts';

const url = z.url();
const liveStack = z.object({
  outputs: stackOutputs,
  endpoints: z.object({ sqs: url, dynamodb: url, s3: url, lambda: url }),
  /** Ids of the runs that it was told to work on. */
  runs: z.array(z.string()).default([]),
});
const claim = z.object({ pid: z.int().positive(), stack: liveStack.optional() });

type Claim = z.output<typeof claim>;

/** What another process needs to speak with a running stack. */
export type LiveStack = z.output<typeof liveStack>;

/** How long somebody is waited for who holds a directory for a moment, in milliseconds. */
const PATIENCE_MS = 5000;
const STEP_MS = 50;
/** A process of this machine that has not accepted a connection by then never will. */
const CONNECT_MS = 1000;

/** Another crawl uses the data directory. */
export class DataDirBusyError extends Error {
  override readonly name = 'DataDirBusyError';
}

/**
 * Exclusive use of a data directory, given up when its process dies, by a lock of the kernel. What
 * the process says of itself (`live.json`) is believed only while the lock is held.
 */
export class DataDirectory {
  readonly #dataDir: string;
  readonly #lock: ProcessLock;
  #stack: LiveStack | undefined;

  /**
   * The directory, as soon as it is free: whoever only reads it, is still starting or was killed a
   * moment ago is waited for; a crawl that runs is not. @throws DataDirBusyError
   */
  static async claim(dataDir: string): Promise<DataDirectory> {
    for (let waitedMs = 0; ; waitedMs += STEP_MS) {
      try {
        return new DataDirectory(dataDir);
      } catch (error) {
        if (!(error instanceof DataDirBusyError) || waitedMs >= PATIENCE_MS) throw error;
        if ((await findLiveStack(dataDir)) !== undefined) throw error;
        await sleep(STEP_MS);
      }
    }
  }

  /** @throws DataDirBusyError at once when anybody holds it. */
  constructor(dataDir: string) {
    this.#dataDir = resolve(dataDir);
    mkdirSync(this.#dataDir, { recursive: true });
    const lock = ProcessLock.take(lockPath(this.#dataDir));
    if (lock === undefined) throw busy(dataDir, readClaim(dataDir)?.pid);
    this.#lock = lock;
    this.#write();
  }

  /** Tells other processes where the stack is; `endpoint` is the server that it keeps its data on. */
  announce(stack: Omit<LiveStack, 'runs'>, endpoint?: string): void {
    this.#stack = { ...stack, runs: [] };
    this.#write();
    writeFileSync(outputsPath(this.#dataDir, endpoint), JSON.stringify(stack.outputs));
  }

  /** Tells other processes that the stack works on this run from now on. */
  worksOn(runId: string): void {
    if (this.#stack === undefined || this.#stack.runs.includes(runId)) return;
    this.#stack = { ...this.#stack, runs: [...this.#stack.runs, runId] };
    this.#write();
  }

  release(): void {
    if (!this.#lock.isTaken) return;
    rmSync(claimPath(this.#dataDir), { force: true });
    this.#lock.release();
  }

  /** A renamed file appears whole or not at all: nobody reads half a claim. */
  #write(): void {
    const content: Claim = { pid: process.pid, stack: this.#stack };
    const draft = `${claimPath(this.#dataDir)}.part`;
    writeFileSync(draft, JSON.stringify(content));
    renameSync(draft, claimPath(this.#dataDir));
  }
}

/** The refusal in the words of the person who meets it. */
export function busy(dataDir: string, pid?: number): DataDirBusyError {
  const who = pid === undefined ? 'another crawl' : `another crawl (process ${pid})`;
  return new DataDirBusyError(
    `${who} is using ${dataDir}: wait for it, or give --data another folder`,
  );
}

/**
 * The stack that another live process runs on the directory, if one does. One that is dying may
 * hold its lock for some milliseconds more: only a stack that can be connected to is live.
 */
export async function findLiveStack(dataDir: string): Promise<LiveStack | undefined> {
  const stack = isHeld(dataDir) ? readClaim(dataDir)?.stack : undefined;
  if (stack === undefined || !(await accepts(stack.endpoints.lambda))) return undefined;
  return stack;
}

/** Whether a process holds the directory: it runs a stack, starts one, or reads. */
export function isHeld(dataDir: string): boolean {
  const path = lockPath(resolve(dataDir));
  return existsSync(path) && ProcessLock.isHeld(path);
}

function accepts(endpoint: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((settle) => {
    const socket = createConnection({ host: hostname, port: Number(port), timeout: CONNECT_MS });
    const end = (answer: boolean) => {
      socket.destroy();
      settle(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** The outputs of the stack that last ran on the directory, with its data on that server. */
export function readLastOutputs(dataDir: string, endpoint?: string): StackOutputs | undefined {
  try {
    return stackOutputs.parse(JSON.parse(readFileSync(outputsPath(dataDir, endpoint), 'utf8')));
  } catch {
    return undefined; // nothing ever ran here
  }
}

function outputsPath(dataDir: string, endpoint: string | undefined): string {
  const where = endpoint === undefined ? '' : `.${encodeURIComponent(endpoint)}`;
  return join(dataDir, `outputs${where}.json`);
}

function claimPath(dataDir: string): string {
  return join(resolve(dataDir), 'live.json');
}

function lockPath(dataDir: string): string {
  return join(dataDir, 'lock');
}

function readClaim(dataDir: string): Claim | undefined {
  try {
    return claim.parse(JSON.parse(readFileSync(claimPath(dataDir), 'utf8')));
  } catch {
    return undefined; // none yet, or none any more
  }
}

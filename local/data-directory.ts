import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type StackOutputs, stackOutputs } from '../contract/stack-outputs.ts';

const url = z.url();
const liveStack = z.object({
  outputs: stackOutputs,
  endpoints: z.object({ sqs: url, dynamodb: url, s3: url, lambda: url }),
});
const claim = z.object({
  pid: z.int().positive(),
  /** When the machine was started, in milliseconds since 1970. */
  bootedMs: z.number().optional(),
  stack: liveStack.optional(),
});

type Claim = z.output<typeof claim>;

/** What another process needs to speak with a running stack. */
export type LiveStack = z.output<typeof liveStack>;

/**
 * The claims of this process. In a container every process has the pid of the one before: a claim
 * with our pid that we did not make is stale.
 */
const ours = new Set<string>();

/** How long somebody is waited for who holds a directory for a moment, in milliseconds. */
const PATIENCE_MS = 5000;
const STEP_MS = 50;

/** Clocks are set while a crawl runs: two starts of a machine are further apart, in milliseconds. */
const SAME_BOOT_MS = 60_000;

/** Another crawl uses the data directory. */
export class DataDirBusyError extends Error {
  override readonly name = 'DataDirBusyError';
}

/**
 * Exclusive use of a data directory, given up when its process dies. The files of the ledger have
 * a lock of their own, so two claims at the same instant end with one of them refused as well.
 */
export class DataDirectory {
  readonly #path: string;
  readonly #draft: string;

  /**
   * The directory, as soon as it is free: whoever only reads it, or is still starting, is waited
   * for; a crawl that runs is not. @throws DataDirBusyError
   */
  static async claim(dataDir: string): Promise<DataDirectory> {
    for (let waitedMs = 0; ; waitedMs += STEP_MS) {
      try {
        return new DataDirectory(dataDir);
      } catch (error) {
        const isShort = error instanceof DataDirBusyError && findLiveStack(dataDir) === undefined;
        if (!isShort || waitedMs >= PATIENCE_MS) throw error;
        await sleep(STEP_MS);
      }
    }
  }

  /** @throws DataDirBusyError at once when anybody holds it. */
  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.#path = claimPath(dataDir);
    this.#draft = `${this.#path}.${process.pid}`;
    this.#write({ pid: process.pid, bootedMs: bootedMs() });
    try {
      if (this.#take()) return;
      const holder = readClaim(dataDir);
      if (holder !== undefined && isHeld(dataDir, holder)) throw busy(dataDir, holder.pid);
      rmSync(this.#path, { force: true });
      if (!this.#take()) throw busy(dataDir, readClaim(dataDir)?.pid);
    } finally {
      rmSync(this.#draft, { force: true });
    }
  }

  /** Tells other processes where the stack is; `endpoint` is the server that it keeps its data on. */
  announce(stack: LiveStack, endpoint?: string): void {
    this.#write({ pid: process.pid, bootedMs: bootedMs(), stack });
    renameSync(this.#draft, this.#path);
    writeFileSync(outputsPath(dirname(this.#path), endpoint), JSON.stringify(stack.outputs));
  }

  release(): void {
    rmSync(this.#path, { force: true });
    ours.delete(this.#path);
  }

  #write(content: Claim): void {
    writeFileSync(this.#draft, JSON.stringify(content));
  }

  /** A link appears whole or not at all: nobody reads half a claim. */
  #take(): boolean {
    try {
      linkSync(this.#draft, this.#path);
      ours.add(this.#path);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  }
}

/** The refusal in the words of the person who meets it. */
export function busy(dataDir: string, pid?: number): DataDirBusyError {
  const who = pid === undefined ? 'another crawl' : `another crawl (process ${pid})`;
  return new DataDirBusyError(
    `${who} is using ${dataDir}: wait for it, or give --data another folder`,
  );
}

/** The stack that another live process runs on the directory, if one does. */
export function findLiveStack(dataDir: string): LiveStack | undefined {
  const holder = readClaim(dataDir);
  return holder !== undefined && isHeld(dataDir, holder) ? holder.stack : undefined;
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

function readClaim(dataDir: string): Claim | undefined {
  try {
    return claim.parse(JSON.parse(readFileSync(claimPath(dataDir), 'utf8')));
  } catch {
    return undefined; // gone, or left half-written by a process that was killed
  }
}

/** After a power cut the number of the process that held it is soon somebody else's. */
function isHeld(dataDir: string, { pid, bootedMs: bootedThen }: Claim): boolean {
  if (bootedThen !== undefined && Math.abs(bootedThen - bootedMs()) > SAME_BOOT_MS) return false;
  if (pid === process.pid) return ours.has(claimPath(dataDir));
  return isAlive(pid);
}

function bootedMs(): number {
  return Math.round(Date.now() - uptime() * 1000);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

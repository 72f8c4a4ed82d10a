import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { PROJECT } from '../../local/project.ts';

/** How a command ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** What it has printed so far, on both streams. */
  printed(): string;
  /** Whether it has ended. */
  hasEnded(): boolean;
  kill(signal: NodeJS.Signals): void;
}

/** What one start of the command may be given besides its words. */
export interface StartOptions {
  /** For standard input, which is empty without it. */
  readonly input?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  /** Typed under a Node that cannot run the command itself: it hands over to the project's own. */
  readonly handsOver?: boolean;
}

/** Compiled code is kept for the next start, as it is for a person. */
const COMPILE_CACHE = join(tmpdir(), 'node-compile-cache');

/** A person's empty folder: relative paths begin here, and the command's defaults are below it. */
export class Home {
  readonly folder: string;
  readonly #command: string;
  readonly #children = new Set<ChildProcess>();

  /** `command`: the file that Node is given. */
  constructor(folder: string, command: string) {
    this.folder = folder;
    this.#command = command;
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Runs the command to its end. */
  crawl(...words: readonly string[]): Promise<Ended> {
    return this.start(words).ended;
  }

  /** Starts the command as a person would, with nothing of this process's environment. */
  start(words: readonly string[], options: StartOptions = {}): Running {
    const { input = '', environment = {}, handsOver = false } = options;
    const flags = handsOver ? ['--no-strip-types'] : [];
    return this.#spawn([process.execPath, ...flags, this.#command, ...words], input, environment);
  }

  /** Starts it where no file may grow beyond 256 KiB: to a program that is a disk that takes no more. */
  startWithSmallFiles(...words: readonly string[]): Running {
    const shell = ['bash', '-c', `trap '' XFSZ; ulimit -f 256; exec "$@"`, 'bash'];
    return this.#spawn([...shell, process.execPath, this.#command, ...words], '', {});
  }

  #spawn(
    [command = '', ...args]: readonly string[],
    input: string | Buffer,
    environment: Readonly<Record<string, string>>,
  ): Running {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: {
        PATH: process.env['PATH'],
        HOME: this.folder,
        TMPDIR: this.path('tmp'),
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        NO_COLOR: '1',
        ...environment,
      },
      stdio: 'pipe',
    });
    this.#children.add(child);
    child.stdin.on('error', () => {}); // the command may end without reading it
    child.stdin.end(input);
    const printed = printedBy(child);
    return {
      ended: once(child, 'close').then(() => ({ code: child.exitCode, ...printed })),
      printed: () => `${printed.stdout}${printed.stderr}`,
      hasEnded: () => child.exitCode !== null || child.signalCode !== null,
      kill: (signal) => void child.kill(signal),
    };
  }

  /** Ends what still runs, and removes the folder. */
  async remove(): Promise<void> {
    const running = [...this.#children].filter(({ exitCode, signalCode }) => {
      return exitCode === null && signalCode === null;
    });
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(running.map((child) => once(child, 'close')));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface HomeOptions {
  /** The folder whose command is run: a copy's from its sources, which cost less than a bundle for one start. */
  readonly project?: string;
  /** A test that runs beside others of its file has a hook of its own. */
  readonly onFinished?: typeof onTestFinished;
}

/** A home for one test, gone when that has ended. */
export async function freshHome({
  project = PROJECT,
  onFinished = onTestFinished,
}: HomeOptions = {}): Promise<Home> {
  const command = join(project, 'cli', project === PROJECT ? 'crawl.js' : 'crawl.ts');
  const home = new Home(await mkdtemp(join(tmpdir(), 'crawl-test-')), command);
  onFinished(() => home.remove());
  await mkdir(home.path('tmp'));
  return home;
}

function printedBy({ stdout, stderr }: ChildProcess) {
  const printed = { stdout: '', stderr: '' };
  stdout?.setEncoding('utf8').on('data', (piece: string) => {
    printed.stdout += piece;
  });
  stderr?.setEncoding('utf8').on('data', (piece: string) => {
    printed.stderr += piece;
  });
  return printed;
}

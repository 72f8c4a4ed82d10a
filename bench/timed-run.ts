import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOfEndedChildren, useOfSession } from './process-session.ts';

const SAMPLE_MS = 500;
/** Time to end after SIGINT, before SIGKILL, in milliseconds. */
const GRACE_MS = 20_000;

/** A command, and how long it may take. */
export interface TimedRunOptions {
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly limitS: number;
  /** File for what it says on standard error. */
  readonly log: string;
  /** Called once, when it has ended or at its limit, before it is stopped. */
  readonly onEnd: () => Promise<void>;
}

/** What a command and all of its descendants used. */
export interface TimedRun {
  /** Until its end, or the limit. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Highest sum of the proportional set sizes of its processes, sampled every half second. */
  readonly peakMB: number;
  /** What it printed on standard output. */
  readonly output: string;
  /** Undefined when it was stopped at its limit. */
  readonly exitCode: number | undefined;
}

/** Runs a command in a session of its own, and stops all of it at the limit. Linux only. */
export async function timedRun(options: TimedRunOptions): Promise<TimedRun> {
  const { command, env, limitS, log } = options;
  const cpuBefore = await cpuOfEndedChildren();
  const beganMs = performance.now();
  const [file, ...words] = command;
  const errors = openSync(log, 'a');
  const child = spawn(file, words, { detached: true, env, stdio: ['ignore', 'pipe', errors] });
  closeSync(errors);
  // Another session is not told of Ctrl-C.
  const kill = () => signalAll(child, 'SIGKILL');
  process.once('exit', kill);
  const exit = once(child, 'exit');
  const output = child.stdout === null ? '' : text(child.stdout);
  const use = { pssMB: 0, cpuSeconds: 0 };
  const sampling = new AbortController();
  const sampled = sample(child.pid ?? 0, use, sampling.signal);
  const inTime = await endsWithin(exit, limitS * 1000);
  const seconds = (performance.now() - beganMs) / 1000;
  await options.onEnd();
  if (!inTime) {
    child.kill('SIGINT');
    await endsWithin(exit, GRACE_MS);
  }
  signalAll(child, 'SIGKILL');
  const [code] = await exit;
  sampling.abort();
  await sampled;
  process.off('exit', kill);
  // What nobody waited for is not in the first of these.
  const cpuSeconds = Math.max((await cpuOfEndedChildren()) - cpuBefore, use.cpuSeconds);
  const exitCode = inTime ? Number(code) : undefined;
  return { seconds, cpuSeconds, peakMB: use.pssMB, output: await output, exitCode };
}

async function sample(
  session: number,
  use: { pssMB: number; cpuSeconds: number },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const now = await useOfSession(session);
    use.pssMB = Math.max(use.pssMB, now.pssMB);
    use.cpuSeconds = Math.max(use.cpuSeconds, now.cpuSeconds);
    await sleep(SAMPLE_MS, undefined, { signal }).catch(() => {});
  }
}

async function endsWithin(exit: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  const inTime = await Promise.race([exit.then(() => true), late]);
  timer.abort();
  return inTime;
}

/** The first process of a session leads a process group of the same number. */
function signalAll(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

import { readdir, readFile } from 'node:fs/promises';

/** Unit of CPU times in `/proc`, in seconds: the same on every Linux that Node runs on. */
const TICK_S = 0.01;

/** What the processes of a session use at this moment. Linux only. */
export interface SessionUse {
  /** Proportional set size: memory that processes share is counted once. */
  readonly pssMB: number;
  /** Of those that run and of their children that have ended. */
  readonly cpuSeconds: number;
}

interface Process {
  readonly pid: string;
  readonly session: number;
  readonly cpuSeconds: number;
  /** Of children that have ended and were waited for. */
  readonly childCpuSeconds: number;
}

/** Sums over a session, which is what a detached child and all of its descendants are in. */
export async function useOfSession(session: number): Promise<SessionUse> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(pids.map((pid) => readProcess(pid)));
  const members = all.filter((one) => one?.session === session).filter((one) => one !== undefined);
  const pss = await Promise.all(members.map(({ pid }) => pssOf(pid)));
  const cpu = members.map(({ cpuSeconds, childCpuSeconds }) => cpuSeconds + childCpuSeconds);
  return { pssMB: sumOf(pss), cpuSeconds: sumOf(cpu) };
}

/** CPU seconds of all children of this process that have ended, and of their descendants. */
export async function cpuOfEndedChildren(): Promise<number> {
  return (await readProcess('self'))?.childCpuSeconds ?? 0;
}

/** Undefined when the process is gone. */
async function readProcess(pid: string): Promise<Process | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is a name in brackets, which may hold blanks and brackets: see proc(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 15) return undefined;
  const ticks = (at: number) => Number(fields[at - 3]) * TICK_S;
  return {
    pid,
    session: Number(fields[6 - 3]),
    cpuSeconds: ticks(14) + ticks(15),
    childCpuSeconds: ticks(16) + ticks(17),
  };
}

async function pssOf(pid: string): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

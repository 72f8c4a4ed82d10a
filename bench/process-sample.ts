import { readdir, readFile, readlink } from 'node:fs/promises';

/** What a process holds at a moment. */
export type ProcessSample = {
  /** Resident memory. */
  readonly mb: number;
  /** Open files of all kinds. */
  readonly handles: number;
  /** Those of them that are sockets. */
  readonly sockets: number;
};

/** Undefined when the process is gone. Linux only. */
export async function look(pid: number | 'self'): Promise<ProcessSample | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const [, kb = '0'] = /^VmRSS:\s+(\d+)/m.exec(status) ?? [];
    const folder = `/proc/${pid}/fd`;
    const names = await readdir(folder);
    const targets = await Promise.all(
      names.map((name) => readlink(`${folder}/${name}`).catch(() => '')),
    );
    const sockets = targets.filter((target) => target.startsWith('socket:')).length;
    return { mb: Math.round(Number(kb) / 1024), handles: names.length, sockets };
  } catch {
    return undefined;
  }
}

/** The most of each figure in each tenth of the time; fewer when there are not ten samples. */
export function tenthsOf(
  samples: readonly Readonly<Record<string, number>>[],
): readonly Readonly<Record<string, number>>[] {
  const tenths = Math.min(10, samples.length);
  return Array.from({ length: tenths }, (_, at) => {
    const from = Math.floor((at * samples.length) / tenths);
    const to = Math.floor(((at + 1) * samples.length) / tenths);
    return mostOf(samples.slice(from, to));
  });
}

/** How much memory may grow from the third tenth to the last, when all caches are full. */
export const MAX_GROWTH = 1.15;

/** Memory of the last tenth, as a multiple of that of the third; NaN with fewer than ten. */
export function growth(tenths: readonly Readonly<Record<string, number>>[]): number {
  return (tenths[9]?.['mb'] ?? Number.NaN) / (tenths[2]?.['mb'] ?? Number.NaN);
}

function mostOf(
  samples: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, number>> {
  const most: Record<string, number> = {};
  for (const sample of samples)
    for (const [name, value] of Object.entries(sample))
      most[name] = Math.max(most[name] ?? value, value);
  return most;
}

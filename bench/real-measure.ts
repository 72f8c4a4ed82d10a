import { readFile } from 'node:fs/promises';
import { type Contestant, meterFile, type Work } from './contestants.ts';
import type { Counted } from './cost-table.ts';
import type { ServerStats } from './server-log.ts';
import type { RealServer } from './start-real-server.ts';
import { timedRun } from './timed-run.ts';

/** One contestant's run over the real list. */
export interface RealMeasure {
  readonly name: Contestant['name'];
  readonly settled: number;
  /** Wall time of the command, in seconds. */
  readonly seconds: number;
  /** Of all of its processes. */
  readonly cpuSeconds: number;
  readonly peakMB: number;
  /** Undefined when it was stopped at the limit. */
  readonly exitCode: number | undefined;
  /** What the server saw until then. */
  readonly server: ServerStats;
  /** Of the crawl; empty when it had to be killed. */
  readonly counted: Counted;
}

/** Runs a contestant, of whose requests the server knows nothing yet. */
export async function measure(
  contestant: Contestant,
  work: Work,
  server: RealServer,
  limitS: number,
): Promise<RealMeasure> {
  await server.reset();
  const log = `${work.out}.log`;
  let stats = await server.stats();
  const run = await timedRun({
    command: contestant.command,
    env: { ...process.env, ...contestant.env },
    limitS,
    log,
    onEnd: async () => {
      stats = await server.stats();
    },
  });
  if (run.exitCode !== undefined && run.exitCode !== 0)
    throw new Error(
      `${contestant.name} ended with ${run.exitCode}:\n${await readFile(log, 'utf8')}`,
    );
  const { seconds, cpuSeconds, peakMB, exitCode } = run;
  const settled = await contestant.settled(run.output);
  const counted = await readCounted(work);
  const { name } = contestant;
  return { name, settled, seconds, cpuSeconds, peakMB, exitCode, server: stats, counted };
}

/** Seconds from the first request until so many pictures were sent; undefined when fewer were. */
export function secondsUntil({ sentMs, firstMs }: ServerStats, pictures: number) {
  const atMs = sentMs[Math.max(1, Math.ceil(pictures)) - 1];
  return atMs === undefined ? undefined : (atMs - firstMs) / 1000;
}

async function readCounted(work: Work): Promise<Counted> {
  const meter = await readFile(meterFile(work), 'utf8').catch(() => '{}');
  return JSON.parse(meter).requests?.requests ?? {};
}

/**
 * `npm run bench -- --again [--images N] [--rounds N]`: the same list without memory, for the first
 * time, once more when all of it is known, and once more when its sites say that all of it is unchanged;
 * in turn and in one run, so that the ratios hold on a machine whose speed drifts. The server counts
 * what is asked of it: exit code 1 when it is asked for a picture that is known, or sends one that is
 * unchanged.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { benchUrls } from './bench-urls.ts';
import { median } from './median.ts';
import { NODE_OPTIONS, runScript } from './run-script.ts';
import { startPictureServer } from './start-picture-server.ts';

/** What the server was asked for, and what it sent. */
const stats = z.object({ requests: z.int(), bytes: z.int() });
type Stats = z.output<typeof stats>;

const meter = z.object({
  cpuSeconds: z.number(),
  requests: z.object({ requests: z.record(z.string(), z.number()) }),
});

interface Measure extends Stats {
  readonly cpuSeconds: number;
  /** Requests to AWS, and units of the table. */
  readonly aws: Readonly<Record<string, number>>;
}

/** The runs of a round, by what is special about them. */
const RUNS = {
  'without memory': ['--no-memory'],
  'the first time': [],
  'all of it known': ['--since', '30d'],
  'all of it unchanged': ['--refresh'],
} as const satisfies Record<string, readonly string[]>;

type RunName = keyof typeof RUNS;
type Round = Readonly<Record<RunName, Measure>>;

/** What is divided, and by what. */
const RATIOS = [
  ['the first time', 'without memory'],
  ['all of it known', 'the first time'],
  ['all of it unchanged', 'the first time'],
] as const satisfies readonly (readonly [RunName, RunName])[];

/** Prints what each run cost; false where pictures were asked for in vain. */
export async function benchSecond(images: number, rounds: number): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'crawl-bench-'));
  const server = await startPictureServer(images);
  try {
    const [origin = ''] = server.origins;
    const list = join(folder, 'urls.txt');
    await writeFile(list, `${benchUrls(server.origins, images).join('\n')}\n`);
    const done: Round[] = [];
    // The first one is a warm-up: it makes the command's own caches.
    for (let round = 0; round <= rounds; round += 1) {
      const base = join(folder, `${round}`);
      done.push(await oneRound(list, base, origin));
      await rm(base, { recursive: true, force: true });
    }
    return report(done.slice(1));
  } finally {
    server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function oneRound(list: string, base: string, origin: string): Promise<Round> {
  const measure = (name: RunName, data: string) => measureRun(name, list, base, data, origin);
  return {
    'without memory': await measure('without memory', 'other'),
    'the first time': await measure('the first time', 'data'),
    'all of it known': await measure('all of it known', 'data'),
    'all of it unchanged': await measure('all of it unchanged', 'data'),
  };
}

async function measureRun(
  name: RunName,
  list: string,
  base: string,
  data: string,
  origin: string,
): Promise<Measure> {
  const before = await readStats(origin);
  const words = name.replaceAll(' ', '-');
  const file = join(base, `${words}.json`);
  const places = ['--data', join(base, data), '--out', join(base, words)];
  const args = ['run', list, '--allow-private', '--json', ...RUNS[name], ...places];
  await runScript(NODE_OPTIONS, 'metered-crawl.ts', file, ...args);
  const { cpuSeconds, requests } = meter.parse(JSON.parse(await readFile(file, 'utf8')));
  const after = await readStats(origin);
  return {
    cpuSeconds,
    aws: requests.requests,
    requests: after.requests - before.requests,
    bytes: after.bytes - before.bytes,
  };
}

async function readStats(origin: string): Promise<Stats> {
  const answer = await fetch(`${origin}/stats`);
  return stats.parse(await answer.json());
}

function report(rounds: readonly Round[]): boolean {
  const last = rounds.at(-1);
  if (last === undefined) return false;
  console.log(`${''.padEnd(24)}  pictures asked for  MB sent  write units  read units  CPU s`);
  for (const [name, { requests, bytes, aws, cpuSeconds }] of Object.entries(last)) {
    const cells = [requests, bytes / 1e6, aws['units written'] ?? 0, aws['units read'] ?? 0];
    const texts = [...cells.map((value) => value.toFixed(0)), cpuSeconds.toFixed(2)];
    const widths = [18, 7, 11, 10, 5];
    const row = texts.map((text, at) => `  ${text.padStart(widths[at] ?? 0)}`);
    console.log(`${name.padEnd(24)}${row.join('')}`);
  }
  console.log('\nCPU, as a share of that of another run of the same round: median, and each');
  for (const [name, other] of RATIOS) {
    const ratios = rounds.map((round) => round[name].cpuSeconds / round[other].cpuSeconds);
    const each = ratios.map((ratio) => ratio.toFixed(2)).join(' ');
    console.log(`${`${name} / ${other}`.padEnd(40)}${median(ratios).toFixed(2)} (${each})`);
  }
  return last['all of it known'].requests === 0 && last['all of it unchanged'].bytes === 0;
}

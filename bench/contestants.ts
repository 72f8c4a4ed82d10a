import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MALLOC, NODE_OPTIONS } from './run-script.ts';

/** A command that fetches a list of URLs. */
export interface Contestant {
  readonly name: 'plain loop' | 'img2dataset' | 'crawl';
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** URLs that it was done with, from what it printed and wrote. */
  settled(output: string): Promise<number>;
}

/** What a contestant works on. */
export interface Work {
  readonly urlsFile: string;
  readonly urls: number;
  /** Folder for all that it writes; the crawl's results are in `results.jsonl`. */
  readonly out: string;
  /** PEM file of authorities to trust; none without TLS. */
  readonly authorities: string | undefined;
}

/** Where the metered crawl of this work writes what it cost. */
export function meterFile({ out }: Work): string {
  return `${out}-meter.json`;
}

/** The command as anyone types it, with more words where they are given. */
export function crawl(work: Work, more: readonly string[] = []): Contestant {
  const { out, authorities } = work;
  const script = join(import.meta.dirname, 'metered-crawl.ts');
  return {
    name: 'crawl',
    command: [
      process.execPath,
      ...NODE_OPTIONS,
      script,
      meterFile(work),
      ...crawlWords(work),
      ...more,
    ],
    env: { ...MALLOC, ...nodeTrusts(authorities) },
    settled: async () => (await resultLines(out)).length,
  };
}

/** What is typed after `crawl`. */
export function crawlWords({ urlsFile, out }: Work): readonly string[] {
  return ['run', urlsFile, '--allow-private', '--json', '--data', `${out}-data`, '--out', out];
}

/** Lines of `results.jsonl`; none when it was not written. */
export async function resultLines(out: string): Promise<string[]> {
  const text = await readFile(join(out, 'results.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

/** 256 requests at once, 6 to a host, one try. */
export function plainLoop({ urlsFile, out, authorities }: Work): Contestant {
  const script = join(import.meta.dirname, 'plain-loop.ts');
  const limits = ['--connect-timeout=10000', '--headers-timeout=30000', '--body-timeout=30000'];
  const words = [urlsFile, out, '--concurrency=256', '--redirects=5', '--quiet', ...limits];
  return {
    name: 'plain loop',
    command: [process.execPath, script, ...words],
    env: { ...MALLOC, ...nodeTrusts(authorities) },
    settled: async (output) => {
      if (output === '') return 0;
      const { images, failed } = JSON.parse(output);
      return images + failed;
    },
  };
}

/**
 * img2dataset as fast as it goes: two processes of 128 threads, one shard each for a list of up to
 * 20,000, no second try, images kept as they came. Undefined where Python has no such package;
 * IMG2DATASET_PYTHON names another Python than `python3`.
 */
export function img2dataset({ urlsFile, urls, out, authorities }: Work): Contestant | undefined {
  const python = process.env['IMG2DATASET_PYTHON'] ?? 'python3';
  // One of its libraries would otherwise ask the network for a newer version of itself.
  const offline = { NO_ALBUMENTATIONS_UPDATE: '1', no_proxy: '*' };
  const env = { ...process.env, ...offline };
  if (spawnSync(python, ['-c', 'import img2dataset'], { env }).status !== 0) return undefined;
  const options = {
    url_list: urlsFile,
    output_folder: out,
    output_format: 'files',
    processes_count: 2,
    thread_count: 128,
    number_sample_per_shard: Math.min(10_000, Math.ceil(urls / 2)),
    timeout: 10,
    retries: 0,
    resize_mode: 'no',
    disable_all_reencoding: true,
  };
  const words = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  return {
    name: 'img2dataset',
    command: [python, '-m', 'img2dataset.main', ...words],
    env: authorities === undefined ? offline : { ...offline, SSL_CERT_FILE: authorities },
    settled: () => countOfShards(out),
  };
}

/** URLs of finished shards. */
async function countOfShards(out: string): Promise<number> {
  const names = (await readdir(out)).filter((name) => name.endsWith('_stats.json'));
  const texts = await Promise.all(names.map((name) => readFile(join(out, name), 'utf8')));
  return texts.reduce((sum, text) => sum + Number(JSON.parse(text).count), 0);
}

/** Read at the start of a process, for all of its threads. */
function nodeTrusts(authorities: string | undefined): Readonly<Record<string, string>> {
  return authorities === undefined ? {} : { NODE_EXTRA_CA_CERTS: authorities };
}

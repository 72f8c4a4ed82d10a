import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  deadLetterEnvironment,
  deferralEnvironment,
  finisherEnvironment,
  seederEnvironment,
  workerEnvironment,
} from '../../contract/environment.ts';
import { synthesise } from '../../local/template/synthesis.ts';
import { type Assembly, readAssembly } from '../../local/template/template.ts';
import { FUNCTIONS } from './synthesised.ts';

const MAX_BYTES = 2_000_000;

let assembly: Assembly;
beforeAll(async () => {
  assembly = await readAssembly(await synthesise(() => {}), 'ImageCrawler');
});

const code = z.object({ Code: z.object({ S3Key: z.string() }) });

/** The folder of a function's asset. */
function assetOf(prefix: string): string {
  const all = Object.entries(assembly.template.Resources);
  const [, found] = all.find(([id]) => id.startsWith(prefix)) ?? [];
  return assembly.assets.get(code.parse(found?.Properties).Code.S3Key) ?? '';
}

const ENVIRONMENTS = {
  seeder: seederEnvironment,
  worker: workerEnvironment,
  deferral: deferralEnvironment,
  'dead-letter': deadLetterEnvironment,
  finisher: finisherEnvironment,
} as const;

describe.each([
  ['seeder', FUNCTIONS.seeder],
  ['worker', FUNCTIONS.worker],
  ['deferral', FUNCTIONS.deferral],
  ['dead-letter', FUNCTIONS['dead-letter']],
  ['finisher', FUNCTIONS.finisher],
] as const)('the asset of the %s function', (name, prefix) => {
  it('is small: each byte is read at every cold start', () => {
    const folder = assetOf(prefix);
    // What the local runner compiled stands beside it, and is not uploaded.
    const files = readdirSync(folder).filter((file) => !file.startsWith('.'));
    const bundle = ['index.mjs', 'index.mjs.map'];
    // On this machine the worker can always work on images, in a process of its own.
    const own = name === 'worker' ? ['image', ...bundle] : bundle;
    expect(files.toSorted()).toEqual(own);
    const bytes = bundle.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('does not start without its environment, and names all that it misses', () => {
    const { stderr, status } = start(assetOf(prefix));
    expect(status).not.toBe(0);
    const { shape } = ENVIRONMENTS[name];
    const needed = Object.entries(shape).filter(([, one]) => !one.safeParse(undefined).success);
    expect(needed.length).toBeGreaterThan(3);
    for (const [variable] of needed) expect(stderr).toContain(`at ${variable}\n`);
  });

  it('names the lines of its sources in a stack trace', () => {
    const { stderr } = start(assetOf(prefix));
    expect(stderr).toMatch(/at parseEnvironment .*contract\/environment\.ts:\d+:\d+/);
    expect(stderr).toMatch(new RegExp(`at .*lambdas/${name}/index\\.ts:\\d+:\\d+`));
  });
});

/** Loads a function as Lambda does, with an environment of nothing. */
function start(folder: string) {
  const module = pathToFileURL(join(folder, 'index.mjs')).href;
  const script = `await import(${JSON.stringify(module)})`;
  const args = ['--enable-source-maps', '--input-type=module', '--eval', script];
  return spawnSync(process.execPath, args, { env: {}, cwd: dirname(folder), encoding: 'utf8' });
}

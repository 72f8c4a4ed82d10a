/**
 * `npm run bench:cold -- [--rounds N]`: how large each function's asset is, and how long a fresh
 * process takes to import it, in turn so that a drift of the machine meets all of them. The options
 * and the environment are those of the template. The first round only warms the disk.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { synthesise } from '../local/template/synthesis.ts';
import { type Assembly, type Resource, readAssembly } from '../local/template/template.ts';
import { median } from './median.ts';

/** What Lambda sets by itself. */
const SET_BY_LAMBDA = {
  AWS_REGION: 'us-east-1',
  AWS_LAMBDA_FUNCTION_NAME: 'function',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
};

const properties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

/** Times of one import, in milliseconds. */
const measured = z.object({ wallMs: z.number(), cpuMs: z.number() });
type Measured = z.output<typeof measured>;

interface Subject {
  readonly name: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
const assembly = await readAssembly(await synthesise(console.error), 'ImageCrawler');
const subjects = Object.entries(assembly.template.Resources)
  .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
  .map(([id, resource]) => subjectOf(id, resource, assembly));
const rounds = Array.from({ length: Number(values.rounds) + 1 }, () => subjects.map(importOnce));
console.log(`${''.padEnd(28)}${['asset, kB', 'import, ms', 'CPU, ms'].map(right).join('')}`);
for (const [at, { name, folder }] of subjects.entries()) {
  const times = rounds.slice(1).flatMap((round) => round[at] ?? []);
  const wallMs = median(times.map((one) => one.wallMs));
  const cpuMs = median(times.map((one) => one.cpuMs));
  const figures = [bytesOf(folder) / 1000, wallMs, cpuMs].map((figure) => figure.toFixed(0));
  console.log(`${name.padEnd(28)}${figures.map(right).join('')}`);
}

function subjectOf(id: string, { Properties }: Resource, { assets }: Assembly): Subject {
  const { Code, Environment } = properties.parse(Properties);
  const variables = Object.entries(Environment.Variables).map(([name, value]) => {
    // A reference to a resource: nothing is asked of it here.
    return [name, typeof value === 'string' ? value : 'https://resource.test/'];
  });
  return {
    name: id.replace(/[0-9A-F]{8}$/, ''),
    folder: assets.get(Code.S3Key) ?? '',
    environment: { ...Object.fromEntries(variables), ...SET_BY_LAMBDA },
  };
}

function importOnce({ folder, environment }: Subject): Measured {
  const module = pathToFileURL(join(folder, 'index.mjs')).href;
  const script = `
    const began = performance.now();
    const used = process.cpuUsage();
    await import(${JSON.stringify(module)});
    const { user, system } = process.cpuUsage(used);
    const cpuMs = (user + system) / 1000;
    console.log(JSON.stringify({ wallMs: performance.now() - began, cpuMs }));
    process.exit(0);`;
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: environment,
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(`${folder} does not start: ${child.stderr}`);
  return measured.parse(JSON.parse(child.stdout));
}

/** What is uploaded: what the local runner compiled stands beside it under a dot. */
function bytesOf(folder: string): number {
  const files = readdirSync(folder).filter((name) => !name.startsWith('.'));
  return files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function right(text: string): string {
  return text.padStart(12);
}

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { PROJECT } from './project.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** Everything that the synthesised stack is made of. */
const INPUTS = [
  ...['adapters', 'contract', 'core', 'infra', 'lambdas'],
  ...['cdk.json', 'package.json', 'package-lock.json', 'tsconfig.json'],
];

/** Here a stack is known by its folder of data: whatever its name in the cloud, this is its name. */
const LOCAL_CONTEXT = { 'crawler.stackName': 'ImageCrawler' };

/** The stack does not synthesise; the message is what the CDK app said. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

/**
 * The folder of the synthesised stack. Its name is the hash of its inputs: while they are
 * unchanged nothing is synthesised again, and two processes at once do no harm. @throws SynthesisError
 */
export async function synthesise(onNotice: (line: string) => void): Promise<string> {
  const folder = join(PROJECT, 'cdk.out', `local-${await hashOfInputs()}`);
  if (existsSync(folder)) return folder;
  onNotice('synthesising the stack (once, until its sources change)');
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    await runApp(draft);
    await rename(draft, folder);
    await prune();
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Assemblies of earlier sources go after a week: a crawl of theirs may still be running. */
async function prune(): Promise<void> {
  const parent = join(PROJECT, 'cdk.out');
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (!name.startsWith('local-')) continue;
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > WEEK_MS) await rm(path, { recursive: true, force: true });
  }
}

async function hashOfInputs(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const path of (await Promise.all(INPUTS.map(filesBelow))).flat()) {
    hash.update(`\0${relative(PROJECT, path)}\0`).update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesBelow(name: string): Promise<readonly string[]> {
  const path = join(PROJECT, name);
  if (name.includes('.')) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

async function runApp(folder: string): Promise<void> {
  const { context } = JSON.parse(await readFile(join(PROJECT, 'cdk.json'), 'utf8'));
  const app = spawn(process.execPath, ['infra/app.ts'], {
    cwd: PROJECT,
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...LOCAL_CONTEXT }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    app.once('error', reject).once('exit', resolve);
  });
  const [complaint, code] = await Promise.all([text(app.stderr), ended]);
  if (code !== 0) throw new SynthesisError(`the stack does not synthesise: ${complaint.trim()}`);
}

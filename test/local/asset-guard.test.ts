import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { PROJECT } from '../../local/project.ts';

/** Runs a module of an asset that lies below the project, as on this machine. */
async function run(source: string) {
  await mkdir(join(PROJECT, 'cdk.out'), { recursive: true });
  const asset = await mkdtemp(join(PROJECT, 'cdk.out', 'guarded-'));
  onTestFinished(() => rm(asset, { recursive: true, force: true }));
  await mkdir(join(asset, 'node_modules', 'own'), { recursive: true });
  await writeFile(join(asset, 'node_modules', 'own', 'index.js'), 'module.exports = "own";');
  await writeFile(join(asset, 'index.mjs'), source);
  const guard = new URL('../../local/functions/guard-process.ts', import.meta.url);
  guard.searchParams.set('asset', asset);
  const words = [`--import=${guard.href}`, join(asset, 'index.mjs')];
  return spawnSync(process.execPath, words, {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', guard)),
  });
}

it('a function finds the packages of its asset', async () => {
  expect(await run("import own from 'own'; console.log(own)")).toMatchObject({ stdout: 'own\n' });
});

it.each([
  ['imports', "import 'zod';"],
  [
    'requires',
    "import { createRequire } from 'node:module'; createRequire(import.meta.url)('zod');",
  ],
])('a function that %s a package of the project does not find it', async (_, source) => {
  const { status, stderr } = await run(source);
  expect(status).not.toBe(0);
  expect(stderr).toContain("Cannot find package 'zod' in the asset of this function");
});

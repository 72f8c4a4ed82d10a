import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { copyProject } from '../copy-project.ts';

/** Runs the command of a project, told to debug itself; gives all that it says. */
async function crawl(project: string, ...words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(project, 'cli', 'crawl.js'), ...words], {
    cwd: project,
    env: { ...process.env, NODE_DEBUG: 'crawl' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, complaint] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return said + complaint;
}

/** The folders that were made. */
const made = async (project: string) => (await readdir(join(project, 'cdk.out'))).toSorted();

/** A folder beside those that are made, as old as that. */
async function makeFolder(project: string, name: string, seconds = 0): Promise<void> {
  const path = join(project, 'cdk.out', name);
  await mkdir(path, { recursive: true });
  await utimes(path, seconds, seconds);
}

/** Replaces a text that is there once. */
async function edit(path: string, from: string, to: string): Promise<void> {
  const source = await readFile(path, 'utf8');
  expect(source.split(from)).toHaveLength(2);
  await writeFile(path, source.replace(from, to));
}

it('the command is bundled once for the same sources, again for others, and old bundles go', {
  timeout: 180_000,
}, async () => {
  const project = await copyProject();
  const [week, hour] = [7 * 24 * 3600, 3600].map((seconds) => Date.now() / 1000 - seconds);
  await makeFolder(project, 'command-old', week);
  await makeFolder(project, 'command-new', hour);
  await Promise.all([crawl(project, '--version'), crawl(project, '--version')]);
  const [folder = '', ...others] = await made(project);
  expect(others).toEqual(['command-new']);
  const bundle = join(project, 'cdk.out', folder, 'crawl.mjs');
  const { mtimeMs } = await stat(bundle);
  expect(await crawl(project, 'help')).toContain('A distributed image crawler');
  expect((await stat(bundle)).mtimeMs).toBe(mtimeMs);

  await edit(join(project, 'cli', 'program.ts'), 'A distributed image', 'A very own image');
  expect(await crawl(project, 'help')).toContain('A very own image crawler');
  await edit(join(project, 'package.json'), '"version": "', '"version": "7.');
  expect(await crawl(project, '--version')).toContain('7.');
  await appendFile(join(project, 'contract', 'items.ts'), '// changed\n');
  const said = await crawl(project, 'run', 'absent.txt');
  expect(await made(project)).toHaveLength(5);

  const source = await readFile(join(project, 'cli', 'sources', 'prepare-sources.ts'), 'utf8');
  const thrown = source.split('\n').findIndex((line) => line.includes('no such file:')) + 1;
  expect(said, 'a stack trace of the bundle').toContain(
    `/cli/sources/prepare-sources.ts:${thrown}:`,
  );
});

it('sources that cannot be bundled run as they are', async () => {
  const project = await copyProject();
  const odd = "\nexport const odd = () => import('./odd.bin');\n";
  await appendFile(join(project, 'cli', 'program.ts'), odd);
  await writeFile(join(project, 'cli', 'odd.bin'), '');
  expect(await crawl(project, 'help')).toContain('A distributed image crawler');
  const [folder = '', ...more] = await made(project);
  expect(more).toEqual([]);
  const bundle = await readFile(join(project, 'cdk.out', folder, 'crawl.mjs'), 'utf8');
  expect(bundle).toContain('odd.bin');
  await edit(join(project, 'cli', 'program.ts'), 'A distributed image', 'A very own image');
  expect(await crawl(project, 'help')).toContain('A very own image crawler');
});

it('where nothing can be made the command runs from its sources', async () => {
  const project = await copyProject();
  // To whoever may write everywhere a file in its place is what a folder that only may be read is to others.
  await writeFile(join(project, 'cdk.out'), '');
  const said = await crawl(project, 'help');
  expect(said).toContain('runs from its sources');
  expect(said).toContain('A distributed image crawler');
});

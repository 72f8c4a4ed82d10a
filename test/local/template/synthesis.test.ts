import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { copyProject } from '../../copy-project.ts';

/** The functions need not be bundled to see when the stack is synthesised. */
const NO_BUNDLING = { 'aws:cdk:bundling-stacks': [] };

/** A copy of the project that synthesises without bundling. */
async function copyUnbundled(): Promise<string> {
  const copy = await copyProject();
  await setContext(copy, NO_BUNDLING);
  return copy;
}

const setContext = (project: string, context: object) =>
  writeFile(join(project, 'cdk.json'), JSON.stringify({ app: 'node infra/app.ts', context }));

const answer = z.object({
  folder: z.string().optional(),
  notices: z.array(z.string()),
  error: z.object({ name: z.string(), message: z.string() }).optional(),
});

const SCRIPT = `
const notices = [];
const { synthesise } = await import(process.argv[1]);
const end = await synthesise((line) => notices.push(line)).then(
  (folder) => ({ folder }),
  ({ name, message }) => ({ error: { name, message } }),
);
console.log(JSON.stringify({ ...end, notices }));
`;

/** Synthesises in a process of its own: the project is where its sources are. */
async function synthesiseIn(project: string): Promise<z.output<typeof answer>> {
  const module = pathToFileURL(join(project, 'local', 'template', 'synthesis.ts')).href;
  const args = ['--input-type=module', '--eval', SCRIPT, module];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return answer.parse(JSON.parse(output));
}

it('a stack is synthesised once for the same sources, and again for others', {
  timeout: 180_000,
}, async () => {
  const project = await copyUnbundled();
  const first = await synthesiseIn(project);
  expect(first.error).toBeUndefined();
  const folder = first.folder ?? '';
  expect(await readdir(join(project, 'cdk.out'))).toEqual([folder.split('/').at(-1)]);
  const { mtimeMs } = await stat(join(folder, 'ImageCrawler.template.json'));
  expect(first.notices).toHaveLength(1);

  expect(await synthesiseIn(project)).toEqual({ folder, notices: [] });
  expect((await stat(join(folder, 'ImageCrawler.template.json'))).mtimeMs).toBe(mtimeMs);

  await appendFile(join(project, 'core', 'run.ts'), '// changed\n');
  const changed = await synthesiseIn(project);
  expect(changed.notices).toHaveLength(1);
  expect(changed.folder).toBeDefined();
  expect(changed.folder).not.toBe(folder);
});

it('what the app complains of is told, and leaves nothing behind', async () => {
  const project = await copyUnbundled();
  await setContext(project, { ...NO_BUNDLING, crawler: { batchSize: 11, colour: 'red' } });
  const { error } = await synthesiseIn(project);
  expect(error).toMatchObject({ name: 'SynthesisError' });
  expect(error?.message).toContain('→ at batchSize');
  expect(error?.message).toContain('"colour"');
  expect(await readdir(join(project, 'cdk.out'))).toEqual([]);
});

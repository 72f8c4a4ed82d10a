import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyProject } from '../../copy-project.ts';
import { freshHome } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';

test('a syntax error in on-image.ts ends the command with its file and line', {
  timeout: 120_000,
}, async () => {
  const project = await copyProject();
  const hook = join(project, 'lambdas', 'worker', 'on-image.ts');
  await writeFile(hook, 'export const onImage = async () => ({ kind: ;\n');
  const home = await freshHome({ project });

  const ended = await home.crawl('run', 'http://127.0.0.1:9/a.jpg', '--allow-private');

  expectExit(ended, 1);
  expect(ended.stderr).toContain('lambdas/worker/on-image.ts:1:');
  expect(ended.stderr.trim().split('\n').length).toBeLessThan(10);
});

import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { PROJECT } from '../../local/project.ts';

it('installed as a package the command says that it is a template', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crawler-package-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const installed = join(folder, 'node_modules', 'image-crawler');
  for (const name of ['package.json', join('cli', 'crawl.js')])
    await cp(join(PROJECT, name), join(installed, name));

  const { status, stderr } = spawnSync(
    process.execPath,
    [join(installed, 'cli', 'crawl.js'), 'help'],
    { encoding: 'utf8' },
  );

  expect(stderr).toMatch(/^crawl: image-crawler is a template .* clone it .*\n$/);
  expect(status).toBe(1);
});

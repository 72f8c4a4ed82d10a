import { spawnSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT } from '../../local/project.ts';
import { freshFolder } from '../fresh-folder.ts';

it('installed as a package the command says that it is a template', async () => {
  const folder = await freshFolder();
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

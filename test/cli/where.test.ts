import { once } from 'node:events';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkEndpoint } from '../../cli/options/check-endpoint.ts';
import { commandName, isInside } from '../../cli/options/command-name.ts';
import { usualDataDir } from '../../cli/options/data-folder.ts';
import { listen } from '../../local/emulators/emulators.ts';
import { PROJECT } from '../../local/project.ts';
import { freshFolder } from '../fresh-folder.ts';

describe('the folder of local state', () => {
  test('is a new one here when there is none', async () => {
    const folder = await freshFolder();
    expect(usualDataDir(folder)).toBe(join(folder, '.crawl'));
  });

  test('is the nearest one above', async () => {
    const folder = await freshFolder();
    const below = join(folder, 'a', 'b');
    await mkdir(below, { recursive: true });
    await mkdir(join(folder, '.crawl'));
    expect(usualDataDir(below)).toBe(join(folder, '.crawl'));
    await mkdir(join(folder, 'a', '.crawl'));
    expect(usualDataDir(below)).toBe(join(folder, 'a', '.crawl'));
  });

  test('is no file, and none below a folder that everybody may write', async () => {
    const folder = await freshFolder();
    const below = join(folder, 'a');
    await mkdir(below);
    await writeFile(join(folder, '.crawl'), '');
    expect(usualDataDir(below)).toBe(join(below, '.crawl'));
    await rm(join(folder, '.crawl'));
    await mkdir(join(folder, '.crawl'));
    await chmod(folder, 0o777);
    expect(usualDataDir(below)).toBe(join(below, '.crawl'));
  });

  test('is that of the project, inside of it', () => {
    expect(usualDataDir(join(PROJECT, 'docs'))).toBe(join(resolve(PROJECT), '.crawl'));
  });
});

describe('the command is named as it can be typed', () => {
  test('inside the project', () => expect(commandName(join(PROJECT, 'docs'))).toBe('npx crawl'));

  test('and outside', () => {
    expect(commandName(tmpdir())).toBe(`npm run -s --prefix ${resolve(PROJECT)} crawl --`);
  });

  test.each([
    ['/a/b', '/a/b', true],
    ['/a/b/c', '/a/b', true],
    ['/a/bc', '/a/b', false],
    ['/a', '/a/b', false],
    ['/a/b/..c', '/a/b', true],
  ])('%s is in %s: %j', (path, folder, expected) => {
    expect(isInside(path, folder)).toBe(expected);
  });
});

describe('--endpoint', () => {
  test('is refused by its name when nobody listens there', async () => {
    const server = createServer();
    const url = await listen(server);
    await checkEndpoint(url);
    server.close();
    await once(server, 'close');
    await expect(checkEndpoint(url)).rejects.toThrow(
      `--endpoint: cannot connect to ${url}: connection refused`,
    );
  });

  test('may be absent', () => expect(checkEndpoint(undefined)).resolves.toBeUndefined());
});

import { spawnSync } from 'node:child_process';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ImageProcess } from '../../adapters/pixels/image-process.ts';
import { lockedPackages } from '../../infra/locked-packages.ts';
import { workerExtras } from '../../infra/worker-packages.ts';
import { freshFolder } from '../fresh-folder.ts';
import { picture, toWork } from '../pixels/made-images.ts';

type Chosen = Parameters<typeof workerExtras>[0];

const PLAIN: Chosen = { imageWork: false, workerPackages: [], packagesFor: 'host' };

/** Makes what an asset has besides its bundle, in a folder far from the project. */
async function made(settings: Chosen): Promise<string> {
  const folder = await freshFolder();
  for (const command of workerExtras(settings).commands(folder)) {
    const { status, stderr } = spawnSync(command, { shell: true, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }
  return folder;
}

describe('the asset of the worker', () => {
  it('is its bundle alone where nothing is asked for', () => {
    expect(workerExtras(PLAIN)).toMatchObject({ packages: [] });
    expect(workerExtras(PLAIN).commands('folder')).toEqual([]);
  });

  it('works on images far from the project, with the packages that it carries', async () => {
    const folder = await made({ ...PLAIN, imageWork: true });
    expect(await readdir(folder)).toEqual(['image']);
    const module = join(folder, 'image', 'process.mjs');
    const images = new ImageProcess({ module, maxMemoryMb: 512 });
    onTestFinished(() => images.close());
    const bytes = await picture(64, 48).jpeg().toBuffer();
    const end = await images.work(toWork(bytes, { resize: 32, pdq: true, exif: true }));
    expect(end).toMatchObject({ kind: 'done', stored: { width: 32, height: 24 }, exif: {} });
  });

  it('has the packages of hooks where the bundle finds them, and none of them twice', async () => {
    const folder = await made({ ...PLAIN, imageWork: true, workerPackages: ['sharp'] });
    expect((await readdir(folder)).toSorted()).toEqual(['image', 'node_modules']);
    expect(await readdir(join(folder, 'image'))).toEqual(['process.mjs']);
    const elsewhere = join(folder, 'copy');
    await cp(join(folder, 'node_modules'), join(elsewhere, 'node_modules'), { recursive: true });
    const program = "import sharp from 'sharp'; console.log(typeof sharp.versions.vips)";
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: elsewhere,
      encoding: 'utf8',
    });
    expect(run.stdout.trim()).toBe('string');
  });
});

describe('packages by the lock file', () => {
  it('come with all that they need, for every system', () => {
    const places = Object.keys(lockedPackages(['sharp']));
    expect(places).toEqual(
      expect.arrayContaining([
        'node_modules/sharp',
        'node_modules/detect-libc',
        'node_modules/@img/sharp-linux-arm64',
        'node_modules/@img/sharp-libvips-linux-arm64',
      ]),
    );
  });

  it('are refused where the project does not have them', () => {
    expect(() => lockedPackages(['no-such-package'])).toThrow(
      'workerPackages: no-such-package is not installed',
    );
  });
});

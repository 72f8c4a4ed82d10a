import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { reloadingHooks } from '../../adapters/hooks/reloading-hooks.ts';
import { HookBuilder } from '../../local/functions/hook-builder.ts';
import { freshFolder } from '../fresh-folder.ts';

const bytes = new Uint8Array();
const image = { url: 'http://a.test/1', bytes, sha256: '', format: 'png', width: 1, height: 1 };
const context = { runId: 'run-1', target: { url: image.url }, stored: image };

it('the hooks of the project are built as a module of their own', async () => {
  const file = join(await freshFolder(), 'hooks.mjs');
  const builder = await HookBuilder.start(file, [], () => {});
  onTestFinished(() => builder.close());
  const { onImage, onPage } = reloadingHooks(file, () => 0);
  expect(await onImage(image, context)).toEqual({ kind: 'keep' });
  const page = { url: image.url, bytes, links: [], images: [] };
  expect(await onPage(page, context)).toEqual({ kind: 'keep' });
});

it('an edit is used by the next image, a tenth of a second later at most', async () => {
  const file = join(await freshFolder(), 'hooks.mjs');
  const write = (detail: string) =>
    writeFile(file, `export const onImage = async () => ({ kind: 'skip', detail: '${detail}' });`);
  let now = 0;
  await write('first');
  const { onImage } = reloadingHooks(file, () => now);
  expect(await onImage(image, context)).toMatchObject({ detail: 'first' });
  await write('second');
  expect(await onImage(image, context)).toMatchObject({ detail: 'first' });
  now += 100;
  expect(await onImage(image, context)).toMatchObject({ detail: 'second' });
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoSite, serveDemoSite } from '../../cli/demo/demo-site.ts';
import { RUN_DEFAULTS } from '../../contract/run-defaults.ts';
import { edited, readStack } from './permissions/edited-stack.ts';
import { type RunningStack, run } from './permissions/running-stack.ts';

let folder: string;
let site: DemoSite;
let stack: RunningStack;
const notices: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crawler-dropped-'));
  site = await serveDemoSite();
  stack = await run(await readStack(), folder, (line) => notices.push(line));
});

afterAll(async () => {
  await stack.close();
  await site.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

describe('a list that is dropped into the bucket', () => {
  it('becomes a run, with the settings of the deployment, and nobody else starts it', async () => {
    const key = await stack.drop('today.txt', site.tutorial.join('\n'));
    const dropped = await stack.runOfDropped(key);
    expect(await stack.end(dropped.runId)).toMatchObject({ targets: 10, succeeded: 10 });
    expect(dropped.settings).toEqual({
      ...RUN_DEFAULTS,
      imagesFolder: join(folder, 'data', 'images'),
    });
    expect(dropped.runId).toMatch(/^\d{8}T\d{6}-[0-9a-f]{8}$/);
    expect((await readdir(join(folder, 'data', 'images'))).length).toBeGreaterThan(0);
  });

  it('is read as its name and its bytes say', async () => {
    const table = [
      'id,picture',
      ...site.tutorial.slice(0, 3).map((url, at) => `${at},${url}`),
      '9,',
    ];
    const key = await stack.drop('of a shop/some (1).csv', gzipSync(table.join('\n')));
    const dropped = await stack.runOfDropped(key);
    expect(dropped.lists).toMatchObject([{ name: key, format: 'csv', gzip: true }]);
    expect(await stack.end(dropped.runId)).toMatchObject({ targets: 3, succeeded: 3, badLines: 1 });
  });

  it('is copied: who puts another in its place disturbs nothing', async () => {
    const key = await stack.drop('again.txt', site.tutorial.slice(0, 2).join('\n'));
    const first = await stack.runOfDropped(key);
    expect(first.lists[0]?.location).toContain(`/seeds/${first.runId}/0`);
  });

  it('that is empty or elsewhere becomes nothing', async () => {
    await stack.drop('empty.txt', '');
    const last = await stack.runOfDropped(await stack.drop('last.txt', site.tutorial.join('\n')));
    await stack.end(last.runId);
    const names: string[] = [];
    for await (const { lists } of stack.archive.list()) names.push(lists[0]?.name ?? '');
    expect(names).not.toContain('inbox/empty.txt');
    expect(notices).toEqual([]);
  });
});

describe('a rule that its function does not let in', () => {
  it('is an error when the stack starts: AWS would stay silent for ever', async () => {
    const closed = edited(await readStack(), (_, resource) =>
      resource.Type === 'AWS::Lambda::Permission'
        ? { ...resource, Properties: { ...resource.Properties, SourceArn: 'arn:aws:events:x' } }
        : resource,
    );
    await expect(run(closed, join(folder, 'closed'))).rejects.toMatchObject({
      name: 'UnsupportedTemplateError',
      message: expect.stringMatching(/SeederSeedFunction\S+ does not let the rule SeederDropped/),
    });
  });
});

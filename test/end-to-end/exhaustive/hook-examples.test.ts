import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { benchUrls } from '../../../bench/bench-urls.ts';
import { type Assembly, readAssembly } from '../../../local/template/template.ts';
import { copyProject } from '../../copy-project.ts';
import { readParquet } from '../../datasets/read-parquet.ts';
import { freshFolder } from '../../fresh-folder.ts';
import { STACK, withVariable } from '../../local/permissions/edited-stack.ts';
import { run } from '../../local/permissions/running-stack.ts';
import { freshHome } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';
import { startPictureSite } from '../picture-site.ts';
import { readResults } from '../run-output.ts';
import { answerDocuments } from '../site-of-pages.ts';

const PICTURES = 4;
const SETTINGS = JSON.stringify({
  app: 'node infra/app.ts',
  context: { crawler: { workerPackages: ['sharp'] } },
});
const FIELDS = `import * as z from 'zod';
export const extraFields = z.object({
  label: z.string().optional(),
  entropy: z.number().optional(),
  words: z.int().optional(),
});
export type ExtraFields = Readonly<z.output<typeof extraFields>>;
`;

/** A project whose hook is that of an example, with the settings that it needs. */
async function projectWith(example: string, file = 'on-image.ts'): Promise<string> {
  const project = await copyProject();
  const hook = join('examples', example, file);
  await cp(hook, join(project, 'lambdas', 'worker', file));
  await writeFile(join(project, 'cdk.json'), SETTINGS);
  await writeFile(join(project, 'core', 'model', 'extra-fields.ts'), FIELDS);
  const names = `export const HOOK_COLUMNS: readonly string[] = ['TEXT'];\n`;
  await writeFile(join(project, 'core', 'model', 'hook-columns.ts'), names);
  return project;
}

/** A list of pictures, two of them with a caption. */
async function captioned(origins: readonly string[]): Promise<string> {
  const captions = ['a cat on a table', 'IMG 1', '"two dogs, and a house"', ''];
  const rows = benchUrls(origins, PICTURES).map((url, at) => `${url},${captions[at]}`);
  return `url,TEXT\n${rows.join('\n')}\n`;
}

const code = z.object({ Code: z.object({ S3Key: z.string() }) });

/** The stack of a project as it is deployed: each asset in a folder that no package of the project can be reached from. */
async function deployed(project: string): Promise<Assembly> {
  const made = join(project, 'cdk.out');
  const [folder = ''] = (await readdir(made)).filter((name) => name.startsWith('local-'));
  const assembly = withVariable(
    await readAssembly(join(made, folder), STACK),
    'Worker',
    'STORAGE',
    's3',
  );
  const elsewhere = await freshFolder();
  const assets = new Map<string, string>();
  for (const [key, path] of assembly.assets) {
    await cp(path, join(elsewhere, key), { recursive: true });
    assets.set(key, join(elsewhere, key));
  }
  return { ...assembly, assets };
}

/** The worker's asset of a stack. */
function workerAsset({ template, assets }: Assembly): string {
  const [, worker] =
    Object.entries(template.Resources).find(
      ([id, { Type }]) => id.startsWith('WorkerCrawl') && Type === 'AWS::Lambda::Function',
    ) ?? [];
  return assets.get(code.parse(worker?.Properties).Code.S3Key) ?? '';
}

describe.each(['thumbnail', 'label', 'caption'])('the example %s', { timeout: 180_000 }, (name) => {
  test('works on the local stack, and in an asset that is far from the project', async () => {
    const project = await projectWith(name);
    const home = await freshHome({ project });
    const site = await startPictureSite({ pictures: PICTURES });
    const list = await captioned(site.origins);
    await writeFile(home.path('list.csv'), list);

    const flags = ['--allow-private', '--out', 'out', '--table', 'parquet'];
    expectExit(await home.crawl('run', 'list.csv', ...flags), 0);

    const results = await readResults(home.path('out', 'results.jsonl'));
    const told = results.map(({ reason, extra, files }) => ({ reason, extra, files }));
    expect(told).toHaveLength(PICTURES);
    const table = await readParquet(home.path('out', 'results.parquet'));
    if (name === 'thumbnail') {
      const small = join(home.path('out'), told[0]?.files?.['small'] ?? '');
      expect(await sharp(small).metadata()).toMatchObject({ format: 'webp' });
    } else if (name === 'label') {
      expect(table.every(({ label }) => label === 'photo' || label === 'drawing')).toBe(true);
    } else {
      expect(results.map(({ reason }) => reason).toSorted()).toEqual([
        'filtered',
        'filtered',
        null,
        null,
      ]);
      expect(table.map(({ words }) => words).toSorted()).toEqual([5n, 5n, null, null]);
    }

    const stack = await deployed(project);
    const inAsset = await readdir(workerAsset(stack));
    expect(inAsset).toContain('node_modules');
    const running = await run(stack, await freshFolder());
    try {
      const location = await running.putList('run-1', [list]);
      const lists = [{ name: 'list.csv', location, format: 'csv', gzip: false, round: 0 } as const];
      await running.begin('run-1', location, {
        lists: lists.map((one) => ({ ...one, hookColumns: ['TEXT'] })),
      });
      await running.end('run-1');
      const found = await running.archive.read('run-1');
      if (found === undefined) throw new Error('the run is gone');
      const there: unknown[] = [];
      for await (const { reason, extra, files } of running.archive.results(found))
        there.push({ reason, extra, files: files && Object.keys(files) });
      const here = told.map(({ files, ...rest }) => ({
        ...rest,
        files: files && Object.keys(files),
      }));
      expect(sorted(there)).toEqual(sorted(here));
    } finally {
      await running.close();
    }
  });
});

function sorted(values: readonly unknown[]): readonly string[] {
  return values.map((value) => JSON.stringify(value)).toSorted();
}

test('the example page-text counts words on the local stack', { timeout: 120_000 }, async () => {
  const project = await projectWith('page-text', 'on-page.ts');
  const home = await freshHome({ project });
  const page = '<p>one two</p><img src="/img/000000.jpg">';
  const answer = answerDocuments({
    '/': `${page}<a href="/empty.html">x</a>`,
    '/empty.html': '<p>x',
  });
  const site = await startPictureSite({ pictures: 1, answer });
  const flags = ['--pages', '--allow-private', '--out', 'out'];
  expectExit(await home.crawl('run', `${site.origins[0]}/`, ...flags), 0);
  const results = await readResults(home.path('out', 'results.jsonl'));
  const pages = results.filter(({ kind }) => kind === 'page');
  expect(pages).toHaveLength(2);
  expect(pages.find(({ reason }) => reason === null)?.extra).toEqual({ words: 3 });
  expect(pages.find(({ reason }) => reason === 'filtered')?.url).toContain('/empty.html');
});

test('the example webhook tells a server from the local stack', { timeout: 120_000 }, async () => {
  const project = await projectWith('webhook');
  const home = await freshHome({ project });
  const heard: string[] = [];
  const site = await startPictureSite({
    pictures: 2,
    answer: (path, response) => {
      if (path !== '/hook') return false;
      heard.push(path);
      response.writeHead(204).end();
      return true;
    },
  });
  const file = join(project, 'lambdas', 'worker', 'on-image.ts');
  const hook = await readFile(file, 'utf8');
  await writeFile(file, hook.replace('http://127.0.0.1:8787/images', `${site.origins[0]}/hook`));
  await writeFile(home.path('list.txt'), `${benchUrls(site.origins, 2).join('\n')}\n`);
  expectExit(await home.crawl('run', 'list.txt', '--allow-private', '--out', 'out'), 0);
  expect(heard).toEqual(['/hook', '/hook']);
});

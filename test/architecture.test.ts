import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROJECT } from '../local/project.ts';
import { freshFolder } from './fresh-folder.ts';

/** What a layer may import of ours besides itself. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  contract: ['core'],
  adapters: ['core', 'contract'],
  lambdas: ['core', 'contract', 'adapters'],
  infra: ['contract'],
  local: ['contract'],
  cli: ['local', 'contract', 'adapters', 'core'],
};

interface Import {
  readonly file: string;
  readonly specifier: string;
}

/** `from '…'`, `import '…'`, `import('…')` and `new URL('…', import.meta.url)`. */
const SPECIFIERS = [
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)['"`]([^'"`\s]+)['"`]/g,
  /\bnew URL\(\s*['"`]([^'"`\s]+)['"`],\s*import\.meta/g,
];
/** Comments may speak of imports; none of our strings has one in it. */
const COMMENT = /\/\*.*?\*\/|^\s*\/\/.*$/gms;

async function sourcesOf(layer: string): Promise<readonly string[]> {
  const entries = await readdir(join(PROJECT, layer), { recursive: true });
  return entries.filter((name) => /\.[cm]?[jt]s$/.test(name)).map((name) => join(layer, name));
}

async function importsOf(layer: string): Promise<readonly Import[]> {
  const files = await sourcesOf(layer);
  const found = files.map(async (file) => {
    const source = (await readFile(join(PROJECT, file), 'utf8')).replaceAll(COMMENT, '');
    const specifiers = SPECIFIERS.flatMap((pattern) => [...source.matchAll(pattern)]);
    return specifiers.map(([, specifier = '']) => ({ file, specifier }));
  });
  return (await Promise.all(found)).flat();
}

/** The layer that a relative specifier leads to; undefined for a package or a part of Node. */
function layerOf({ file, specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const [layer = ''] = relative(PROJECT, resolve(PROJECT, dirname(file), specifier)).split('/');
  return layer;
}

describe.each(Object.entries(LAYERS))('%s', (layer, allowed) => {
  it(`imports of ours nothing but ${['itself', ...allowed].join(', ')}`, async () => {
    const imports = await importsOf(layer);
    expect(imports.length).toBeGreaterThan(0);
    const known = new Set([...Object.keys(LAYERS), 'bench', 'test']);
    const wrong = imports.filter((one) => {
      const to = layerOf(one);
      return to !== undefined && known.has(to) && to !== layer && !allowed.includes(to);
    });
    expect(wrong).toEqual([]);
  });
});

/** What a room of the core may import of its other rooms; drawn in CONTRIBUTING.md. */
const ROOMS_OF_CORE: Readonly<Record<string, readonly string[]>> = {
  worker: ['frontier', 'hosts', 'memory', 'model', 'ports', 'seed', 'visit'],
  visit: ['cookies', 'hosts', 'links', 'memory', 'model', 'policies', 'ports', 'rights'],
  policies: ['hosts', 'model', 'ports', 'rights', 'robots'],
  hosts: ['model', 'ports', 'rights', 'robots'],
  rights: ['model', 'ports', 'robots'],
  robots: ['model', 'ports'],
  links: ['model', 'ports'],
  cookies: ['model', 'ports'],
  memory: ['model', 'ports'],
  frontier: ['model', 'ports'],
  seed: ['model', 'ports'],
  duplicates: [],
  ports: ['model'],
  model: [],
};

describe('the rooms of core', () => {
  const roomOf = (file: string) => relative('core', file).split('/')[0] ?? '';
  const arrows = async () => {
    const own = (await importsOf('core')).filter((one) => layerOf(one) === 'core');
    return own.map(({ file, specifier }) => {
      const to = relative(PROJECT, resolve(PROJECT, dirname(file), specifier));
      return { file, from: roomOf(file), to: roomOf(to) };
    });
  };

  it('import each other in one direction', () => {
    const order = Object.keys(ROOMS_OF_CORE);
    const upwards = Object.entries(ROOMS_OF_CORE).flatMap(([from, allowed]) =>
      allowed.filter((to) => order.indexOf(to) <= order.indexOf(from)).map((to) => [from, to]),
    );
    expect(upwards).toEqual([]);
  });

  it.each(Object.entries(ROOMS_OF_CORE))('%s imports %j', async (room, allowed) => {
    const own = (await arrows()).filter(({ from, to }) => from === room && to !== room);
    expect(own.filter(({ to }) => !allowed.includes(to))).toEqual([]);
    // A permission that nobody needs is an invitation.
    expect([...new Set(own.map(({ to }) => to))].toSorted()).toEqual(allowed);
  });

  it('are in the table of CONTRIBUTING.md', async () => {
    const text = await readFile(join(PROJECT, 'CONTRIBUTING.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `(\w+)\/` \| [^|]* \| ([^|]*) \|$/gm)];
    const told = rows.flatMap(([, room = '', list = '']) =>
      room in ROOMS_OF_CORE ? [[room, [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name)]] : [],
    );
    expect(Object.fromEntries(told)).toEqual(ROOMS_OF_CORE);
  });
});

describe('core is pure', () => {
  it('takes hashes from Node, a parser of RFC 9651 and a schema from outside, and nothing else', async () => {
    const outside = (await importsOf('core')).filter((one) => layerOf(one) === undefined);
    expect(new Set(outside.map(({ specifier }) => specifier))).toEqual(
      new Set(['node:crypto', 'structured-headers', 'zod']),
    );
    const schemas = outside.filter(({ specifier }) => specifier === 'zod');
    expect(schemas.map(({ file }) => file).toSorted()).toEqual([
      'core/model/extra-fields.ts',
      'core/model/for-later-runs.ts',
      'core/model/result.ts',
    ]);
  });

  it.each([
    ['a clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\b|\bhrtime\b/],
    ['chance', /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b/],
    ['a timer', /\bset(?:Timeout|Interval|Immediate)\b|\bAbortSignal\.timeout\b/],
    ['the process', /\bprocess\.|\bconsole\./],
  ])('has not %s of its own', async (_, forbidden) => {
    const files = await sourcesOf('core');
    const wrong = files.map(async (file) => {
      const source = await readFile(join(PROJECT, file), 'utf8');
      const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return forbidden.test(code) ? [file] : [];
    });
    expect((await Promise.all(wrong)).flat()).toEqual([]);
  });
});

describe('the linter', () => {
  const refused: Readonly<Record<string, string>> = {
    'core/to-contract.ts': "import { x } from '../contract/items.ts';\nconsole.log(x);\n",
    'core/ports/deep.ts': "import { x } from '../../adapters/aws/x.ts';\nconsole.log(x);\n",
    'core/a-type.ts': "import type { X } from '../contract/items.ts';\nexport type Y = X;\n",
    'core/again.ts': "export { x } from '../lambdas/log.ts';\n",
    'core/late.ts': "console.log(await import('../cli/main.ts'));\n",
    'core/to-node.ts': "import { x } from 'node:fs';\nconsole.log(x);\n",
    'core/to-package.ts': "import { x } from 'undici';\nconsole.log(x);\n",
    'core/to-schema.ts': "import * as z from 'zod';\nconsole.log(z);\n",
    'contract/to-adapters.ts': "import { x } from '../adapters/x.ts';\nconsole.log(x);\n",
    'adapters/aws/to-lambdas.ts': "import { x } from '../../lambdas/log.ts';\nconsole.log(x);\n",
    'lambdas/to-infra.ts': "import { x } from '../infra/x.ts';\nconsole.log(x);\n",
    'lambdas/to-cdk.ts': "import { x } from 'aws-cdk-lib';\nconsole.log(x);\n",
    'infra/to-core.ts': "import { x } from '../core/x.ts';\nconsole.log(x);\n",
    'infra/to-lambdas.ts': "import { x } from '../lambdas/log.ts';\nconsole.log(x);\n",
    'local/to-infra.ts': "import { x } from '../infra/settings.ts';\nconsole.log(x);\n",
    'local/to-core.ts': "import { x } from '../core/model/run.ts';\nconsole.log(x);\n",
    'cli/to-lambdas.ts': "import { x } from '../lambdas/log.ts';\nconsole.log(x);\n",
  };
  const allowed: Readonly<Record<string, string>> = {
    'core/to-core.ts': "import { x } from './ports/clock.ts';\nconsole.log(x);\n",
    'core/to-hash.ts': "import { hash } from 'node:crypto';\nconsole.log(hash);\n",
    'contract/to-core.ts': "import { x } from '../core/model/run.ts';\nconsole.log(x);\n",
    'adapters/to-contract.ts': "import { x } from '../contract/items.ts';\nconsole.log(x);\n",
    'lambdas/to-adapters.ts': "import { x } from '../adapters/x.ts';\nconsole.log(x);\n",
    'infra/to-contract.ts': "import { x } from '../contract/items.ts';\nconsole.log(x);\n",
    'local/to-contract.ts': "import { x } from '../contract/items.ts';\nconsole.log(x);\n",
    'cli/to-local.ts': "import { x } from '../local/project.ts';\nconsole.log(x);\n",
  };

  it('refuses exactly what crosses the layers', async () => {
    const told = await lint({ ...refused, ...allowed });
    expect(told.toSorted()).toEqual(Object.keys(refused).toSorted());
  });
});

const report = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), location: z.object({ path: z.string() }) }),
  ),
});

/** The files in which the project's own rules find a restricted import. */
async function lint(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = await freshFolder();
  await cp(join(PROJECT, 'biome.json'), join(folder, 'biome.json'));
  for (const [path, source] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), source);
  }
  const biome = join(PROJECT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const child = spawn(
    process.execPath,
    [biome, 'lint', '--reporter=json', '--max-diagnostics=none'],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(child.exitCode).toBe(1);
  const { diagnostics } = report.parse(JSON.parse(output));
  const restricted = diagnostics.filter(({ category }) => category.endsWith('noRestrictedImports'));
  return [...new Set(restricted.map(({ location }) => location.path))];
}

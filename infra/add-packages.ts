/**
 * `node infra/add-packages.ts lambda|host FOLDER NAME...`: puts packages, in the versions of
 * package-lock.json and with all that they need, into FOLDER/node_modules: those for Lambda's machines
 * from the registry, or those that are installed here.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type LockedPackages, lockedPackages } from './locked-packages.ts';
import { pathOf } from './path-of.ts';

/** Amazon Linux 2023 on Graviton. */
const LAMBDA = ['--os=linux', '--cpu=arm64', '--libc=glibc'];
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** What npm needs or leaves, and nobody else. */
const BESIDES = [
  'package.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
  'node_modules/.bin',
];

const [machine, folder = '', ...names] = process.argv.slice(2);
const packages = lockedPackages(names);
mkdirSync(folder, { recursive: true });
if (machine === 'host') link(packages, folder);
else install(names, packages, folder);

/** Hard links: twenty megabytes for each state of the sources would fill a disk in a day of work. */
function link(all: LockedPackages, into: string): void {
  for (const place of Object.keys(all)) {
    const from = pathOf(place);
    if (!existsSync(from)) continue; // of another system
    for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const source = join(entry.parentPath, entry.name);
      linkOrCopy(source, join(into, place, relative(from, source)));
    }
  }
}

function linkOrCopy(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target); // on another disk
  }
}

function install(wanted: readonly string[], all: LockedPackages, into: string): void {
  const dependencies = Object.fromEntries(
    wanted.map((name) => [name, all[`node_modules/${name}`]?.version ?? '']),
  );
  const root = { name: 'worker', version: '0.0.0', dependencies };
  const entries = Object.entries(all).map(([place, { dev: _, ...entry }]) => [place, entry]);
  const lock = {
    ...root,
    lockfileVersion: 3,
    requires: true,
    packages: { '': root, ...Object.fromEntries(entries) },
  };
  writeFileSync(join(into, 'package.json'), JSON.stringify(root));
  writeFileSync(join(into, 'package-lock.json'), JSON.stringify(lock));
  const { status, error } = spawnSync('npm', ['ci', ...LAMBDA, ...QUIET], {
    cwd: into,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const name of BESIDES) rmSync(join(into, name), { recursive: true, force: true });
  if (status !== 0) throw new Error(`npm ci of ${wanted.join(', ')} failed`, { cause: error });
}

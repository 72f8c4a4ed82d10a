import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT } from '../local/project.ts';
import { freshFolder } from './fresh-folder.ts';

/** Everything that the command and the stack are made of. */
const SOURCES = [
  'adapters',
  'cli',
  'contract',
  'core',
  'infra',
  'lambdas',
  'local',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** A copy of the project, with nothing made of it, gone with the test. */
export async function copyProject(): Promise<string> {
  const copy = await freshFolder();
  await Promise.all(
    SOURCES.map((name) => cp(join(PROJECT, name), join(copy, name), { recursive: true })),
  );
  await symlink(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

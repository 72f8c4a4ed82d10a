import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { PROJECT } from '../local/project.ts';

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
  const copy = await mkdtemp(join(tmpdir(), 'crawler-project-'));
  onTestFinished(() => rm(copy, { recursive: true, force: true, maxRetries: 3 }));
  await Promise.all(
    SOURCES.map((name) => cp(join(PROJECT, name), join(copy, name), { recursive: true })),
  );
  await symlink(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { PROJECT } from '../../local/project.ts';
import { CommandError } from '../command-error.ts';
import { errorCode, systemMessage } from '../deployment/system-error.ts';

const HOME = resolve(PROJECT);

/**
 * The folder that relative paths are meant from. A script of npm starts in the project's folder,
 * wherever the person stood; npm says so in INIT_CWD.
 */
export function standingFolder(
  environment: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string {
  const movedByNpm = environment['npm_lifecycle_event'] !== undefined && resolve(cwd) === HOME;
  return movedByNpm ? (environment['INIT_CWD'] ?? cwd) : cwd;
}

/** A path as short as it can be said from where the person stands. */
export function shownPath(path: string, base: string): string {
  const short = relative(base, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}

/** Refuses a folder that could not be made or written, without making it. @throws CommandError */
export async function checkFolder(option: string, path: string): Promise<void> {
  for (let at = path; ; at = dirname(at)) {
    const found = await statOf(option, at);
    if (found === undefined) continue;
    if (!found.isDirectory()) throw new CommandError(`${option}: ${at} is not a directory`);
    await access(at, constants.W_OK | constants.X_OK).catch((error) => {
      throw notWritable(option, path, error);
    });
    return;
  }
}

/** Makes a folder and those above it. @throws CommandError */
export async function makeFolder(option: string, path: string): Promise<void> {
  try {
    await makeEach(path);
  } catch (error) {
    throw notWritable(option, path, error);
  }
}

/** Step by step: where nothing can be made (/proc), Node's own `recursive` never ends. */
async function makeEach(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || path === dirname(path)) throw error;
    await makeEach(dirname(path));
    await mkdir(path);
  }
}

async function statOf(option: string, path: string) {
  try {
    return await stat(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOTDIR' || (code === 'ENOENT' && path !== dirname(path))) return undefined;
    throw notWritable(option, path, error);
  }
}

function notWritable(option: string, path: string, error: unknown): CommandError {
  return new CommandError(`${option}: cannot write to ${path}: ${systemMessage(error)}`);
}

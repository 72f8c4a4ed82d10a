import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { debuglog } from 'node:util';
import { mapStacks } from '../local/functions/mapped-stacks.ts';
import { makeOnce } from '../local/template/made-folder.ts';
import { sourceDigest } from '../local/template/source-digest.ts';

const debug = debuglog('crawl');

/** Everything that the command is made of; what is installed is known by npm's list of it. */
const INPUTS = [
  'adapters',
  'cli',
  'contract',
  'core',
  'local',
  'package.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
];

/**
 * URL of the command in a few files instead of a thousand, which takes half the time to load. It is
 * made when the sources have changed. Undefined where none can be made, as in a checkout that only
 * may be read: the command then runs from its sources.
 */
export async function bundledCommand(): Promise<string | undefined> {
  try {
    const folder = await makeOnce({
      kind: 'command',
      digest: sourceDigest(INPUTS),
      keptDays: 2,
      make: async (draft) => {
        const { buildCommand } = await import('./build-command.ts');
        await buildCommand(draft);
      },
    });
    mapStacks(folder);
    return pathToFileURL(join(folder, 'crawl.mjs')).href;
  } catch (error) {
    debug('runs from its sources: %O', error);
    return undefined;
  }
}

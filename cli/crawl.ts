import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { EXIT } from './exit-code.ts';
import { main } from './main.ts';
import { standingFolder } from './options/folders.ts';

const manifest = z.object({ version: z.string() });
const { version } = manifest.parse(
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
);

// A reader that has seen enough (`| head`) ends the command, and that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ended);
});

process.exitCode = await main(process.argv.slice(2), {
  base: standingFolder(process.env, process.cwd()),
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  version,
  isDumb: process.env['TERM'] === 'dumb',
});

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PROJECT } from '../project.ts';
import { makeOnce } from './made-folder.ts';
import { sourceDigest } from './source-digest.ts';
import { toldByApp } from './told-by-app.ts';

/** Everything that the synthesised stack is made of. */
const INPUTS = [
  'adapters',
  'contract',
  'core',
  'infra',
  'lambdas',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** Here a stack is known by its folder of data: whatever its name in the cloud, this is its name. */
const LOCAL_CONTEXT = {
  'crawler.stackName': 'ImageCrawler',
  'crawler.fleet': null,
  'crawler.imageWork': true,
  'crawler.packagesFor': 'host',
};

/** The stack does not synthesise; the message is what the CDK app said. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

/**
 * The folder of the synthesised stack. Its name is the hash of its inputs: while they are
 * unchanged nothing is synthesised again, and two processes at once do no harm. @throws SynthesisError
 */
export async function synthesise(onNotice: (line: string) => void): Promise<string> {
  return makeOnce({
    kind: 'local',
    digest: sourceDigest(INPUTS),
    keptDays: 7,
    make: async (draft) => {
      onNotice('synthesising the stack (once, until its sources change)');
      await runApp(draft);
    },
  });
}

async function runApp(folder: string): Promise<void> {
  const { context } = JSON.parse(await readFile(join(PROJECT, 'cdk.json'), 'utf8'));
  const app = spawn(process.execPath, ['infra/app.ts'], {
    cwd: PROJECT,
    env: {
      ...process.env,
      PATH: [join(PROJECT, 'local', 'npx'), process.env['PATH']].join(delimiter),
      CDK_OUTDIR: folder,
      // The rules of CloudFormation take two seconds, and are for what is deployed: `npm run synth`.
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...LOCAL_CONTEXT }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    app.once('error', reject).once('exit', resolve);
  });
  const [complaint, code] = await Promise.all([text(app.stderr), ended]);
  if (code !== 0)
    throw new SynthesisError(`the stack does not synthesise: ${toldByApp(complaint)}`);
}

import { debuglog } from 'node:util';
import { CommanderError } from 'commander';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { createProgram } from './program.ts';
import type { Session } from './session.ts';

const debug = debuglog('crawl');

/** Runs the command with what was typed after its name; gives the exit code and never throws. */
export async function main(words: readonly string[], session: Session): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ended;
  const program = createProgram(session, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    debug('%O', error);
    const { code, message } = toldTo(error);
    for (const line of message.split('\n')) {
      if (line.trim() !== '') session.stderr.write(`crawl: ${line}\n`);
    }
    return code;
  }
}

/** What a person is told of an error; nothing when help was all they wanted. */
function toldTo(error: unknown): { readonly code: ExitCode; readonly message: string } {
  if (error instanceof CommandError) return { code: error.exitCode, message: error.message };
  if (error instanceof CommanderError) return toldByCommander(error);
  if (!(error instanceof Error)) return { code: EXIT.couldNotEnd, message: String(error) };
  return { code: EXIT.couldNotEnd, message: messageOf(error) };
}

function toldByCommander({ code, exitCode, message }: CommanderError) {
  if (exitCode === 0) return { code: EXIT.ended, message: '' };
  // The help was shown instead of an error.
  if (code === 'commander.help') return { code: EXIT.wrongInput, message: '' };
  const oneLine = message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*?)\?\)$/s, ' (did you mean $1?)');
  return { code: EXIT.wrongInput, message: oneLine };
}

/** Names of the SDK's errors that mean: AWS does not know you, or does not let you. */
const REFUSALS =
  /^(AccessDenied|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch)/;

function messageOf({ name, message }: Error): string {
  if (name === 'CredentialsProviderError') return `no AWS credentials: ${message}`;
  if (REFUSALS.test(name)) return `AWS refused: ${message}`;
  if (message === 'Region is missing') return 'no AWS region: set AWS_REGION or choose a profile';
  return message === '' ? name : message;
}

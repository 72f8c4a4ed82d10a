import { EXIT, type ExitCode } from './exit-code.ts';

/** Ends the command with a message for the person who typed it: one line, no stack trace. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.wrongInput) {
    super(message);
    this.exitCode = exitCode;
  }
}

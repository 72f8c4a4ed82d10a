/** What the command tells the shell. */
export const EXIT = {
  /** The run ended; failed URLs are results, not errors. */
  ended: 0,
  /** It could not end, or what was asked could not be done. */
  couldNotEnd: 1,
  /** The command or its input was wrong. */
  wrongInput: 2,
  /** With `--strict`: the run ended and some targets failed, or it was cancelled. */
  someFailed: 3,
  /** The run is over its budget (`--max-cost`), and can be resumed with a higher one. */
  overBudget: 4,
  /** A second Ctrl-C, as shells have it: 128 + SIGINT. */
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

import type { Readable } from 'node:stream';
import { type Output, Screen } from './output/screen.ts';

/** The world of the person who typed the command. */
export interface Session {
  /** Folder that relative paths are meant from. */
  readonly base: string;
  /** Variables of the environment; none by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Of the program. */
  readonly version: string;
  /** The terminal understands no escape sequences (TERM=dumb). */
  readonly isDumb?: boolean;
}

/** The screen of one command; with `json` standard output is kept for the data. */
export function openScreen({ stdout, stderr, isDumb }: Session, json = false): Screen {
  return new Screen({ stdout, stderr, json, isDumb });
}

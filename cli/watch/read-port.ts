import { type Command, Option } from 'commander';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';

/** The option of the commands that serve a live page. */
export const portOptions = z.object({ port: z.string().optional() });

/** Adds `--port`. */
export function addPortOption(command: Command): Command {
  const about = 'port of the live page on 127.0.0.1 (default: any free one)';
  const checked = (text: string) => String(readPort(text));
  return command.addOption(new Option('--port <n>', about).argParser(checked));
}

/** Reads a port to listen on; 0, for any that is free, where nothing is said. @throws CommandError */
export function readPort(text = '0'): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new CommandError(`--port: expected a whole number from 0 to 65535, got "${text}"`);
}

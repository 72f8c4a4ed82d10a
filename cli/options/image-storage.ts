import { type Command, Option } from 'commander';
import * as z from 'zod';
import type { Storage } from '../../adapters/run-image-store.ts';
import { CommandError } from '../command-error.ts';
import type { Deployment } from '../deployment/deployment.ts';

const STORAGES = ['files', 'objects', 'shards'] as const satisfies readonly Storage[];

/** Where the images of a run are to be. */
export const imageStorageOptions = z.object({ imageStorage: z.enum(STORAGES).optional() });

/** Adds `--image-storage`. */
export function addImageStorageOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--image-storage <kind>',
      'how images are kept: files of --out, or in the bucket objects or shards (default: files, with --stack that of the stack)',
    ).choices(STORAGES),
  );
}

/** @throws CommandError where a stack is asked for files */
export function checkImageStorage(imageStorage: Storage | undefined, { kind }: Deployment): void {
  if (kind === 'stack' && imageStorage === 'files')
    throw new CommandError('--image-storage: with --stack expected objects or shards, got "files"');
}

import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { addOutputOptions, outputOptions } from '../export/output-options.ts';
import { addPortOption, portOptions } from '../watch/read-port.ts';
import { DEFAULT_WORKERS } from './capacity.ts';
import { DEFAULT_DATA, usualDataDir } from './data-folder.ts';

/** Where the local state is. */
export const dataOptions = z.object({ data: z.string().optional() });

/** Options of every command: which runs are meant. */
export const deploymentOptions = dataOptions.extend({
  stack: z.string().optional(),
  endpoint: z.string().optional(),
});

/** Adds `--data`. */
export function addDataOption(command: Command): Command {
  return command.addOption(
    new Option('--data <dir>', `local state (default: the nearest ${DEFAULT_DATA} here or above)`)
      .conflicts('stack')
      .argParser(notEmpty('--data', 'a folder')),
  );
}

/** Adds `--stack`. */
export function addStackOption(command: Command): Command {
  return command.addOption(
    new Option('--stack <name>', 'a deployed stack instead of this machine').argParser(
      notEmpty('--stack', 'the name of a stack'),
    ),
  );
}

/** Adds `--data`, `--stack` and `--endpoint`. */
export function addDeploymentOptions(command: Command): Command {
  return addStackOption(addDataOption(command)).addOption(
    new Option(
      '--endpoint <url>',
      'a server with the APIs of SQS, DynamoDB and S3, instead of the emulators of this machine',
    )
      .conflicts('stack')
      .argParser(endpointUrl),
  );
}

/** Reads a text that a shell's unset variable would leave empty. @throws CommandError */
export function notEmpty(flag: string, expected: string): (text: string) => string {
  return (text) => {
    if (text.trim() === '') throw new CommandError(`${flag}: expected ${expected}, got "${text}"`);
    return text;
  };
}

/** @throws CommandError */
function endpointUrl(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new CommandError(`--endpoint: expected a URL like http://localhost:4566, got "${text}"`);
}

/** The folder of local state, absolute. */
export function readDataDir({ data }: z.output<typeof dataOptions>, base: string): string {
  return data === undefined ? usualDataDir(base) : resolve(base, data);
}

/** The deployment that the options name. */
export function readDeployment(
  { data, stack, endpoint }: z.output<typeof deploymentOptions>,
  base: string,
): Deployment {
  if (stack !== undefined) return { kind: 'stack', name: stack };
  return { kind: 'here', dataDir: readDataDir({ data }, base), endpoint };
}

/** Options of the commands that work on a run until it has ended. */
export const conductOptions = deploymentOptions.extend({
  out: z.string().optional(),
  json: z.boolean().default(false),
  strict: z.boolean().default(false),
  workers: z.string().optional(),
  inFlight: z.string().optional(),
  allowPrivate: z.boolean().default(false),
  dev: z.boolean().optional(),
  proxy: z.string().optional(),
  botKey: z.string().optional(),
  botOrigin: z.string().optional(),
  botForm: z.string().optional(),
  overwrite: z.boolean().default(false),
  maxCost: z.string().optional(),
  watch: z.boolean().default(false),
  ...portOptions.shape,
  ...outputOptions.shape,
});

/** Adds the options of the commands that work on a run until it has ended. */
export function addConductOptions(command: Command): Command {
  return addBotOptions(addPortOption(addDeploymentOptions(addOutputOptions(command))))
    .addOption(
      new Option('--out <dir>', 'results.jsonl and images/ (default: crawl-out/RUN)').argParser(
        notEmpty('--out', 'a folder'),
      ),
    )
    .option('--overwrite', 'replace the results of another run in the --out folder')
    .option('--json', 'the summary as one JSON object on standard output')
    .option('--watch', 'serve a live page of the run, and print its address')
    .option('--strict', 'exit code 3 when a URL failed')
    .addOption(
      new Option(
        '--workers <n>',
        `workers at once on this machine (default: one for each processor, here ${DEFAULT_WORKERS})`,
      ).conflicts('stack'),
    )
    .addOption(
      new Option(
        '--in-flight <n>',
        'most requests in progress in each worker (default: 256)',
      ).conflicts('stack'),
    )
    .addOption(
      new Option('--allow-private', 'also fetch from private and loopback addresses').conflicts(
        'stack',
      ),
    )
    .addOption(
      new Option(
        '--dev',
        'use edits of lambdas/worker/on-image.ts and on-page.ts at once',
      ).conflicts('stack'),
    )
    .addOption(
      new Option(
        '--proxy <url>',
        'HTTP proxy to reach sites through, or none (default: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY of the environment)',
      ).conflicts('stack'),
    );
}

/** Adds the identity that requests are signed with; a stack has it among its settings. */
function addBotOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--bot-key <file>', 'sign https requests with this key (crawl bot init)')
        .conflicts('stack')
        .argParser(notEmpty('--bot-key', 'a file')),
    )
    .addOption(
      new Option(
        '--bot-origin <url>',
        'HTTPS origin that serves the key directory of --bot-key',
      ).conflicts('stack'),
    )
    .addOption(
      new Option(
        '--bot-form <form>',
        'how signed requests name the origin: dictionary or string, for older verifiers (default: dictionary)',
      ).conflicts('stack'),
    );
}

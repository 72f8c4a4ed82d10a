import { resolve } from 'node:path';
import { parseProxy } from '../../contract/proxy.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { commandName } from '../options/command-name.ts';
import { usualDataDir } from '../options/data-folder.ts';
import { shownPath } from '../options/folders.ts';
import { quoted } from '../options/quoted.ts';

interface Hint {
  readonly verb:
    | 'resume'
    | 'retry'
    | 'results'
    | 'fetch'
    | 'status'
    | 'cancel'
    | 'audit'
    | 'delete'
    | 'export';
  readonly runId: string;
  readonly deployment: Deployment;
  readonly base: string;
  readonly allowPrivate?: boolean;
  /** Options of this machine as they were typed: no record of the run has them. */
  readonly workers?: string;
  readonly inFlight?: string;
  /** Shown without its credentials. */
  readonly proxy?: string;
  readonly botKey?: string;
  readonly botOrigin?: string;
  readonly botForm?: string;
}

/** A command that can be copied as it is, with all options that the run needs. */
export function hintOf({ verb, runId, deployment, base, ...options }: Hint): string {
  const words = [commandName(base), verb, runId];
  if (deployment.kind === 'stack') words.push('--stack', quoted(deployment.name));
  else if (deployment.dataDir !== usualDataDir(resolve(base)))
    words.push('--data', quoted(shownPath(deployment.dataDir, base)));
  if (deployment.kind === 'here' && deployment.endpoint !== undefined)
    words.push('--endpoint', quoted(deployment.endpoint));
  if (verb !== 'resume' && verb !== 'retry') return words.join(' ');
  if (options.allowPrivate === true) words.push('--allow-private');
  if (options.proxy !== undefined) words.push('--proxy', quoted(shownProxy(options.proxy)));
  if (options.botKey !== undefined) words.push('--bot-key', quoted(options.botKey));
  if (options.botOrigin !== undefined) words.push('--bot-origin', quoted(options.botOrigin));
  if (options.botForm !== undefined) words.push('--bot-form', quoted(options.botForm));
  if (options.workers !== undefined) words.push('--workers', quoted(options.workers));
  if (options.inFlight !== undefined) words.push('--in-flight', quoted(options.inFlight));
  return words.join(' ');
}

/** What to do with a run that is over its budget. */
export function budgetStep(hint: Omit<Hint, 'verb'>): string {
  return `Go on with a higher ceiling: ${hintOf({ ...hint, verb: 'resume' })} --max-cost DOLLARS`;
}

/** Whoever typed the credentials knows them, and a log must not. */
function shownProxy(text: string): string {
  const parsed = parseProxy(text);
  if (parsed.kind === 'bad') return text;
  const { authorization, shown } = parsed.proxy;
  return authorization === undefined ? shown : shown.replace('//', '//USER:PASSWORD@');
}

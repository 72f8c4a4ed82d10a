import { resolve } from 'node:path';
import { parseProxy } from '../contract/proxy.ts';
import type { Deployment } from './deployment.ts';
import { shownPath } from './folders.ts';

/** Where local state is when nothing is said. */
export const DEFAULT_DATA = '.crawl';

interface Hint {
  readonly verb: 'resume' | 'retry' | 'results' | 'status';
  readonly runId: string;
  readonly deployment: Deployment;
  readonly base: string;
  readonly allowPrivate?: boolean;
  /** As it was typed; shown without its credentials. */
  readonly proxy?: string;
}

/** A command that can be copied as it is. */
export function hintOf({ verb, runId, deployment, base, allowPrivate, proxy }: Hint): string {
  const words = ['npx crawl', verb, runId];
  if (deployment.kind === 'stack') words.push('--stack', quoted(deployment.name));
  else if (deployment.dataDir !== resolve(base, DEFAULT_DATA))
    words.push('--data', quoted(shownPath(deployment.dataDir, base)));
  if (deployment.kind === 'here' && deployment.endpoint !== undefined)
    words.push('--endpoint', quoted(deployment.endpoint));
  if (allowPrivate === true) words.push('--allow-private');
  if (proxy !== undefined) words.push('--proxy', quoted(shownProxy(proxy)));
  return words.join(' ');
}

/** Whoever typed the credentials knows them, and a log must not. */
function shownProxy(text: string): string {
  const parsed = parseProxy(text);
  if (parsed.kind === 'bad') return text;
  const { authorization, shown } = parsed.proxy;
  return authorization === undefined ? shown : shown.replace('//', '//USER:PASSWORD@');
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

import type { Approached, HostGate } from '../hosts/host-gate.ts';
import type { RequestLimits } from '../hosts/request-limits.ts';
import { hostOf, originOf } from '../model/canonical-url.ts';
import { robotsName } from '../model/host-record.ts';
import { isRedirect } from '../model/http-status.ts';
import type { Run } from '../model/run.ts';
import { tokenOf } from '../model/run-token.ts';
import { approachTo, locationOf } from './fetch-robots.ts';

/** Redirects that are followed, as for a robots.txt. */
const MAX_REDIRECTS = 5;

/** Why nothing was asked, for a target that has to wait or to end with it. */
export type NotExchanged = Exclude<Approached, { readonly kind: 'exchanged' }>;

/** A document about rights to ask for, and what makes something of its bytes. */
export interface RightsFile<T> {
  readonly url: string;
  readonly accept: string;
  readonly maxBytes: number;
  readonly read: (bytes: Uint8Array) => T | undefined;
}

/**
 * Asks for a document about rights, at its host's pace. `value` is undefined when it did not come, or
 * is unreadable. Rejects on infrastructure errors.
 */
export async function fetchRightsFile<T>(
  { url: first, accept, maxBytes, read }: RightsFile<T>,
  run: Run,
  limits: RequestLimits,
  gate: HostGate,
): Promise<{ readonly kind: 'asked'; readonly value: T | undefined } | NotExchanged> {
  let url = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const approach = approachTo(url, first, { accept, maxBytes, mayCut: false }, run, limits);
    const delayMs = Math.max(run.settings.delayMs, await crawlDelayMs(url, run, gate));
    const pace = { ...approach.pace, delayMs };
    const approached = await gate.approach({ ...approach, pace });
    if (approached.kind === 'given-up' && redirects > 0) break;
    if (approached.kind !== 'exchanged') return approached;
    const { outcome } = approached;
    if (outcome.kind === 'body') {
      const value = read(outcome.body);
      outcome.release();
      return { kind: 'asked', value };
    }
    if (outcome.kind === 'failed' || !isRedirect(outcome.httpStatus, outcome.headers)) break;
    const next = locationOf(outcome, url);
    if (next === undefined) break;
    url = next;
  }
  return { kind: 'asked', value: undefined };
}

/** The delay that a host's robots.txt asks for, where it is known, in milliseconds. */
async function crawlDelayMs(url: string, run: Run, gate: HostGate): Promise<number> {
  const host = await gate.know(hostOf(url));
  const answer = host.robots(robotsName(originOf(url), tokenOf(run)))?.copy.answer;
  return answer?.kind === 'rules' ? (answer.rules.crawlDelayMs ?? 0) : 0;
}

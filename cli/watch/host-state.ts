import type { HostSums } from '../../contract/settled-sums.ts';
import type { HostRecord } from '../../core/model/host-record.ts';
import { countOf, formatMs, formatSeconds } from '../options/quantities.ts';
import { shortened } from '../report/caption.ts';
import type { HostRow } from './watch-state.ts';

/** A host whose targets take longer on average is called slow, in milliseconds. */
const SLOW_MS = 2000;
/** Fewer targets say nothing of a host's speed. */
const MIN_ASKED = 3;

/** What a state says: a tone for the eye and a reason in words. */
export type HostState = Pick<HostRow, 'tone' | 'state'>;

/** How a host stands, worst first: what a worker keeps of it, then what its results say. */
export function hostStateOf(
  sums: HostSums,
  record: HostRecord | undefined,
  runId: string,
  nowMs: number,
): HostState {
  return (
    circuitState(record, runId, nowMs) ??
    robotsState(sums, record) ??
    resultState(sums) ?? { tone: 'ok', state: 'ok' }
  );
}

function circuitState(
  record: HostRecord | undefined,
  runId: string,
  nowMs: number,
): HostState | undefined {
  if (record === undefined) return undefined;
  const { pausedUntilMs, reason, detail, failedContacts } = record;
  const why = [reason ?? 'no reason', ...(detail === undefined ? [] : [shortened(detail, 80)])];
  const contacts = Object.entries(failedContacts)
    .filter(([round]) => round.startsWith(`${runId} `))
    .reduce((most, [, count]) => Math.max(most, count), 0);
  if (contacts > 0) {
    const failed = countOf(contacts, 'failed contact');
    return { tone: 'dead', state: `does not answer: ${why.join(', ')} (${failed})` };
  }
  if (pausedUntilMs <= nowMs) return undefined;
  const left = formatSeconds((pausedUntilMs - nowMs) / 1000);
  return { tone: 'paused', state: `paused for ${left}: ${why.join(', ')}` };
}

function robotsState(sums: HostSums, record: HostRecord | undefined): HostState | undefined {
  const isUnreachable = Object.values(record?.robots ?? {}).some(
    ({ answer }) => answer.kind === 'unreachable',
  );
  if (isUnreachable) return { tone: 'robots', state: 'robots.txt is unreachable: nothing allowed' };
  if (sums.refused === 0) return undefined;
  return {
    tone: 'robots',
    state: `robots.txt or opt-out: ${countOf(sums.refused, 'URL')} left out`,
  };
}

function resultState({ succeeded, failed, asked, askedMs }: HostSums): HostState | undefined {
  if (asked < MIN_ASKED) return undefined;
  const meanMs = askedMs / asked;
  if (failed > succeeded) return { tone: 'failing', state: 'more failures than successes' };
  if (meanMs >= SLOW_MS) return { tone: 'slow', state: `slow: ${formatMs(meanMs)} for each URL` };
  return undefined;
}

import { hostOf } from '../../core/model/canonical-url.ts';
import { hostGroup } from '../../core/model/host-group.ts';
import type { SettledResult } from '../../core/model/result.ts';
import { FIRST_CHECKPOINT, type Run, type RunSettings } from '../../core/model/run.ts';
import type { Task } from '../../core/model/task.ts';

export const RUN_ID = 'run-1';
/** A group for nearly each host. */
export const GROUPING = { groups: 4096, hostShards: {} };

export const SETTINGS: RunSettings = {
  attempts: 3,
  timeoutMs: 10_000,
  maxBytes: 1_000_000,
  maxPixels: 1_000_000,
  minWidth: 0,
  minHeight: 0,
  minBytes: 0,
  perHost: 6,
  ratePerS: 0,
  perAddress: false,
  delayMs: 0,
  maxRedirects: 5,
  userAgent: 'test',
  ignoreRobots: true,
  // With any other, hosts are asked for their tdmrep.json.
  purposes: ['search', 'keep'],
  maxUrls: 0,
  maxTotalBytes: 0,
};

/** A run that is seeded with these tasks. */
export function aRun(tasks: readonly Task[], settings: Partial<RunSettings> = {}): Run {
  return {
    runId: RUN_ID,
    startedMs: Date.UTC(2026, 0, 1),
    settings: { ...SETTINGS, ...settings },
    lists: [],
    seeding: 'finished',
    checkpoint: {
      ...FIRST_CHECKPOINT,
      tasks: tasks.length,
      targets: tasks.reduce((sum, { targets }) => sum + targets.length, 0),
    },
    cancelled: false,
    superseded: {},
    grouping: GROUPING,
  };
}

/** A seeded task of these URLs. */
export function aTask(taskId: string, urls: readonly string[], change: Partial<Task> = {}): Task {
  const [first = ''] = urls;
  const group = hostGroup(first, hostOf(first), GROUPING);
  const targets = urls.map((url) => ({ url }));
  return { runId: RUN_ID, taskId, group, round: 0, targets, ...change };
}

/** The end of a target that succeeded. */
export function settledResult(url: string, change: Partial<SettledResult> = {}): SettledResult {
  return {
    runId: RUN_ID,
    taskId: 'w0-g1-0',
    round: 0,
    url,
    status: 'succeeded',
    reason: null,
    attempts: 1,
    durationMs: 1,
    fetchedAt: '',
    ...change,
  };
}

/** `count` URLs of a host. */
export function urlsOf(host: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `https://${host}/${at}.png`);
}

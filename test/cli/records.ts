import type { ResultBody } from '../../contract/items.ts';
import { NO_COUNTS, type RunProgress } from '../../core/model/progress.ts';
import { FIRST_CHECKPOINT, type Run } from '../../core/model/run.ts';

/** A run that nothing was done for yet. */
export function aRun(fields: Partial<Run> = {}): Run {
  return {
    runId: '20261123T214455-x7k2',
    startedMs: 1_000_000,
    settings: {
      attempts: 3,
      timeoutMs: 30_000,
      maxBytes: 20_000_000,
      perHost: 6,
      delayMs: 0,
      ratePerS: 0,
      perAddress: false,
      maxRedirects: 5,
      userAgent: 'test',
      ignoreRobots: false,
      maxUrls: 0,
      maxTotalBytes: 0,
      purposes: ['train', 'ai-input', 'search', 'tdm', 'keep'],
      maxPixels: 250_000_000,
      minWidth: 0,
      minHeight: 0,
      minBytes: 0,
    },
    lists: [aList(0)],
    seeding: 'open',
    checkpoint: FIRST_CHECKPOINT,
    cancelled: false,
    superseded: {},
    grouping: { groups: 32, hostShards: {} },
    ...fields,
  };
}

/** A list of a round. */
export function aList(round: number): Run['lists'][number] {
  return { name: 'list.txt', location: `file:///${round}`, format: 'text', gzip: false, round };
}

/** A target that succeeded. */
export function aResult(fields: Partial<ResultBody> = {}): ResultBody {
  return {
    url: 'http://a.example/1.png',
    status: 'succeeded',
    reason: null,
    attempts: 1,
    durationMs: 12,
    fetchedAt: '2026-11-23T21:45:00.000Z',
    taskId: 'w0-g1-0',
    round: 0,
    ...fields,
  };
}

/** A run that has ended with nothing in it. */
export function aProgress(fields: Partial<RunProgress> = {}): RunProgress {
  return {
    ...NO_COUNTS,
    runId: '20261123T214455-x7k2',
    state: 'done',
    targets: 0,
    ended: true,
    seconds: 2,
    badLines: 0,
    badSamples: [],
    ...fields,
  };
}

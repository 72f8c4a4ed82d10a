import { describe, expect, it } from 'vitest';
import { findRun } from '../../../cli/deployment/find-run.ts';
import { refuseExpired } from '../../../cli/deployment/refuse-expired.ts';

const RUN = { runId: '20261101T120000-x7k2' };
const EXPIRES_MS = Date.parse('2026-12-01T12:00:00Z');

describe('a run of a stack that keeps runs for thirty days', () => {
  it('has expired when that is over since its start, and is told to have', () => {
    expect(() => refuseExpired(RUN, 30, EXPIRES_MS - 1)).not.toThrow();
    expect(() => refuseExpired(RUN, 30, EXPIRES_MS)).toThrow(
      'run 20261101T120000-x7k2 has expired: runs are kept here for 30 days (resultRetentionDays)',
    );
  });

  it('that is gone is not found, and the message says how long runs are kept', async () => {
    const runs = { read: async () => undefined, list: async function* () {} };
    await expect(findRun(runs, RUN.runId, 30)).rejects.toThrow(
      'no run 20261101T120000-x7k2 (crawl status lists them; they are kept for 30 days)',
    );
    await expect(findRun(runs, RUN.runId)).rejects.toThrow(/\(crawl status lists them\)$/);
  });
});

it('where runs are kept for ever none expires', () => {
  expect(() => refuseExpired(RUN, 0, EXPIRES_MS * 2)).not.toThrow();
});

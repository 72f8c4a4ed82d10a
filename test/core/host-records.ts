import type { HostRecord } from '../../core/model/host-record.ts';

/** The record of a host of which nothing else is known. */
export function aHostRecord(change: Partial<HostRecord> = {}): HostRecord {
  return {
    pausedUntilMs: 0,
    pauses: 0,
    reason: null,
    nextStartMs: 0,
    answeredMs: 0,
    failedContacts: {},
    robots: {},
    ...change,
  };
}

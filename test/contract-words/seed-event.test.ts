import { describe, expect, it } from 'vitest';
import { parseSeedEvent } from '../../contract/seed-event.ts';

const TIME = '2026-11-25T03:00:00Z';
const OBJECT = { key: 'inbox/a b.txt', size: 3, etag: 'abc', sequencer: '1' };
const DROPPED = {
  version: '0',
  id: 'x',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  time: TIME,
  detail: { bucket: { name: 'bucket' }, object: OBJECT, reason: 'PutObject' },
};

describe('what the seeder is asked for', () => {
  it('is a run that is known', () => {
    const run = { kind: 'run', runId: 'run-1' };
    expect(parseSeedEvent({ runId: 'run-1' })).toEqual({ ...run, wake: false });
    expect(parseSeedEvent({ runId: 'run-1', wake: true })).toEqual({ ...run, wake: true });
  });

  it('is to look after all runs', () => {
    expect(parseSeedEvent({ watch: true })).toEqual({ kind: 'watch' });
  });

  it('is a list that was dropped, as EventBridge tells it', () => {
    expect(parseSeedEvent(DROPPED)).toEqual({
      kind: 'list',
      bucket: 'bucket',
      key: 'inbox/a b.txt',
      etag: 'abc',
      offeredMs: Date.parse(TIME),
    });
  });

  it('is a list whose time has come', () => {
    expect(parseSeedEvent({ scheduled: 'lists/daily.txt', time: TIME })).toEqual({
      kind: 'list',
      key: 'lists/daily.txt',
      offeredMs: Date.parse(TIME),
    });
  });

  it.each([
    undefined,
    'run-1',
    {},
    { runId: '' },
    { runId: 'x'.repeat(65) },
    { scheduled: 'lists/daily.txt' },
    { scheduled: 'lists/daily.txt', time: 'today' },
    { ...DROPPED, source: 'aws.ec2' },
    { ...DROPPED, detail: { object: {} } },
  ])('is nothing else: %j', (event) => {
    expect(() => parseSeedEvent(event)).toThrow('bad seed event');
  });
});

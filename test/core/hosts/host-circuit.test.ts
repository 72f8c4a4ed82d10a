import { describe, expect, it } from 'vitest';
import { MAX_BACK_OFF_MS } from '../../../core/hosts/back-off.ts';
import {
  type ContactBudget,
  type FailedExchange,
  HostCircuit,
} from '../../../core/hosts/host-circuit.ts';
import type { HostRecord } from '../../../core/model/host-record.ts';
import type { Reason } from '../../../core/model/outcome.ts';
import { aHostRecord } from '../host-records.ts';

const NOW = 1_000_000;
const HALF = 0.5;
/** What `HALF` makes of the pause between two contacts, in milliseconds. */
const CONTACT_PAUSE_MS = 6000;
const HOUR_MS = 60 * 60 * 1000;
const BUDGET: ContactBudget = { round: 'run-1 0', attempts: 3 };
const NEW_HOST = aHostRecord();

function failed(reason: Reason, change: Partial<FailedExchange> = {}): FailedExchange {
  return { reason, budget: BUDGET, ...change };
}

/** A host that has just answered. */
function proven(): HostCircuit {
  const circuit = new HostCircuit();
  circuit.recordSuccess(NOW);
  return circuit;
}

/** Failures for this reason so often in a row, each time after the pause before was over. */
function fail(circuit: HostCircuit, reason: Reason, times: number, budget = BUDGET): number {
  let nowMs = NOW;
  for (let at = 0; at < times; at += 1) {
    nowMs = Math.max(nowMs, circuit.state.pausedUntilMs);
    circuit.recordFailure(failed(reason, { budget }), nowMs, HALF);
  }
  return nowMs;
}

describe('a host that asks for a pause', () => {
  it('gets as long a pause as it asks for', () => {
    const circuit = proven();
    circuit.recordFailure(failed('rate-limited', { retryAfterMs: 60_000 }), NOW, HALF);
    expect(circuit.state).toEqual({
      pausedUntilMs: NOW + 60_000,
      pauses: 1,
      reason: 'rate-limited',
    });
  });

  it.each([1, 2, 3, 4, 5])('is paused twice as long at time %i, where it names none', (times) => {
    const circuit = proven();
    const nowMs = fail(circuit, 'unavailable', times);
    expect(circuit.state.pausedUntilMs - nowMs).toBe(500 * 2 ** times);
    expect(circuit.state.pauses).toBe(times);
  });

  it('counts what was under way as the same pause, and takes the longest', () => {
    const circuit = proven();
    circuit.recordFailure(failed('unavailable'), NOW, HALF);
    circuit.recordFailure(failed('unavailable', { retryAfterMs: 9000 }), NOW + 1, HALF);
    circuit.recordFailure(failed('unavailable', { retryAfterMs: 10 }), NOW + 2, HALF);
    expect(circuit.state).toEqual({ pausedUntilMs: NOW + 9001, pauses: 1, reason: 'unavailable' });
  });

  it('stays paused when a request that was under way before is answered well', () => {
    const circuit = proven();
    circuit.recordFailure(failed('rate-limited', { retryAfterMs: 60_000 }), NOW, HALF);
    circuit.recordSuccess(NOW + 59_999);
    expect(circuit.state).toMatchObject({ pausedUntilMs: NOW + 60_000, pauses: 1 });
    circuit.recordSuccess(NOW + 60_000);
    expect(circuit.state).toEqual({ pausedUntilMs: 0, pauses: 0, reason: null });
  });

  it('is given up while it wants a longer pause than a run waits', () => {
    const circuit = proven();
    circuit.recordFailure(failed('unavailable', { retryAfterMs: MAX_BACK_OFF_MS }), NOW, HALF);
    expect(circuit.isGivenUp(NOW, BUDGET)).toBe(false);
    circuit.recordFailure(failed('unavailable', { retryAfterMs: MAX_BACK_OFF_MS + 1 }), NOW, HALF);
    expect(circuit.isGivenUp(NOW, BUDGET)).toBe(true);
    expect(circuit.isGivenUp(NOW + MAX_BACK_OFF_MS + 1, BUDGET)).toBe(false);
  });

  it.each([
    [5, false],
    [6, true],
  ])('after %i pauses in a row: given up is %s', (pauses, isGivenUp) => {
    const circuit = proven();
    const nowMs = fail(circuit, 'unavailable', pauses);
    expect(circuit.isGivenUp(nowMs, BUDGET)).toBe(isGivenUp);
  });

  it('has answered: it is proven, on trial, and no contact of it has failed', () => {
    const circuit = new HostCircuit();
    circuit.recordFailure(failed('timeout'), NOW, HALF);
    const nowMs = circuit.state.pausedUntilMs;
    circuit.recordFailure(failed('unavailable'), nowMs, HALF);
    expect(circuit.isProven(nowMs)).toBe(true);
    expect(circuit.isOnTrial(nowMs)).toBe(true);
    expect(circuit.failedContacts).toEqual({});
  });

  it('is asked with one request at a time after the pause, until one is answered well', () => {
    const circuit = proven();
    fail(circuit, 'unavailable', 1);
    const nowMs = circuit.state.pausedUntilMs;
    expect(circuit.isOnTrial(nowMs)).toBe(true);
    circuit.recordSuccess(nowMs);
    expect(circuit.isOnTrial(nowMs)).toBe(false);
  });
});

describe('a host that never answered', () => {
  it('is unproven and on trial until it answers', () => {
    const circuit = new HostCircuit();
    expect([circuit.isProven(NOW), circuit.isOnTrial(NOW)]).toEqual([false, true]);
    circuit.recordSuccess(NOW);
    expect([circuit.isProven(NOW), circuit.isOnTrial(NOW)]).toEqual([true, false]);
    expect(circuit.answeredMs).toBe(NOW);
  });

  it('is contacted three times in a round, and given up then', () => {
    const circuit = new HostCircuit();
    for (const contacts of [1, 2, 3]) {
      const nowMs = Math.max(NOW, circuit.state.pausedUntilMs);
      expect(circuit.isGivenUp(nowMs, BUDGET)).toBe(false);
      circuit.recordFailure(failed('connection-failed', { detail: 'refused' }), nowMs, HALF);
      expect(circuit.failedContacts).toEqual({ [BUDGET.round]: contacts });
    }
    expect(circuit.isGivenUp(circuit.state.pausedUntilMs + HOUR_MS, BUDGET)).toBe(true);
    expect(circuit.state).toMatchObject({ reason: 'connection-failed', detail: 'refused' });
  });

  it('is contacted twice where it lets the contacts time out', () => {
    const circuit = new HostCircuit();
    circuit.recordFailure(failed('timeout'), NOW, HALF);
    expect(circuit.isGivenUp(NOW, BUDGET)).toBe(false);
    circuit.recordFailure(failed('timeout'), circuit.state.pausedUntilMs, HALF);
    expect(circuit.isGivenUp(NOW, BUDGET)).toBe(true);
  });

  it.each([
    [0, 5000],
    [0.5, 6000],
    [0.999, 6998],
  ])('is left alone for five to seven seconds after a contact: chance %f', (random, pauseMs) => {
    const circuit = new HostCircuit();
    for (const _ of [1, 2]) {
      const nowMs = Math.max(NOW, circuit.state.pausedUntilMs);
      circuit.recordFailure(failed('timeout'), nowMs, random);
      expect(circuit.state.pausedUntilMs - nowMs).toBe(pauseMs);
    }
  });

  it('has contacts of each round by themselves', () => {
    const circuit = new HostCircuit();
    const later = { round: 'run-1 1', attempts: 3 };
    const nowMs = fail(circuit, 'connection-failed', 3) + CONTACT_PAUSE_MS;
    expect(circuit.isGivenUp(nowMs, BUDGET)).toBe(true);
    expect(circuit.isGivenUp(nowMs, later)).toBe(false);
    circuit.recordFailure(failed('connection-failed', { budget: later }), nowMs, HALF);
    expect(circuit.failedContacts).toEqual({ [BUDGET.round]: 3, [later.round]: 1 });
  });

  it('is contacted once by a run of one attempt, and twice by a run of two', () => {
    for (const attempts of [1, 2]) {
      const budget = { round: 'run-1 0', attempts };
      const circuit = new HostCircuit();
      const nowMs = fail(circuit, 'timeout', attempts - 1, budget) + CONTACT_PAUSE_MS;
      expect(circuit.isGivenUp(nowMs, budget)).toBe(false);
      circuit.recordFailure(failed('timeout', { budget }), nowMs, HALF);
      expect(circuit.isGivenUp(nowMs + CONTACT_PAUSE_MS, budget)).toBe(true);
    }
  });

  it('is contacted three times by a run of ten attempts', () => {
    const budget = { round: 'run-1 0', attempts: 10 };
    const circuit = new HostCircuit();
    const nowMs = fail(circuit, 'timeout', 3, budget) + CONTACT_PAUSE_MS;
    expect(circuit.isGivenUp(nowMs, budget)).toBe(true);
  });

  it('is given up at once for what no attempt cures', () => {
    const circuit = new HostCircuit();
    circuit.recordFailure(failed('tls-failed'), NOW, HALF);
    expect(circuit.isGivenUp(NOW, BUDGET)).toBe(true);
    expect(circuit.isGivenUp(NOW + HOUR_MS, BUDGET)).toBe(true);
  });

  it('has no second contact of requests that were under way at once', () => {
    const circuit = new HostCircuit();
    for (const _ of [1, 2, 3]) circuit.recordFailure(failed('timeout'), NOW, HALF);
    expect(circuit.failedContacts).toEqual({ [BUDGET.round]: 1 });
    expect(circuit.state).toMatchObject({ pausedUntilMs: NOW + CONTACT_PAUSE_MS, pauses: 1 });
  });

  it('has all its contacts again once it answered', () => {
    const circuit = new HostCircuit();
    const nowMs = fail(circuit, 'timeout', 2) + CONTACT_PAUSE_MS;
    circuit.recordSuccess(nowMs);
    expect(circuit.failedContacts).toEqual({});
    expect(circuit.state).toEqual({ pausedUntilMs: 0, pauses: 0, reason: null });
  });

  it('is not judged by an answer that concerns one URL', () => {
    const circuit = new HostCircuit();
    fail(circuit, 'not-found', 50);
    expect(circuit.state).toEqual({ pausedUntilMs: 0, pauses: 0, reason: null });
    expect(circuit.failedContacts).toEqual({});
  });

  it('keeps the contacts of the four rounds that contacted it last', () => {
    const circuit = new HostCircuit();
    for (const round of ['a', 'b', 'c', 'd', 'a', 'e'])
      fail(circuit, 'timeout', 1, { round, attempts: 3 });
    expect(circuit.failedContacts).toEqual({ c: 1, d: 1, a: 2, e: 1 });
  });
});

describe('a host that answered before', () => {
  it('is not paused by four silences in a row', () => {
    const circuit = proven();
    fail(circuit, 'timeout', 4);
    expect(circuit.state.pauses).toBe(0);
    expect(circuit.isProven(NOW)).toBe(true);
  });

  it('is unproven after five, the fifth being its first contact', () => {
    const circuit = proven();
    fail(circuit, 'timeout', 5);
    expect(circuit.isProven(NOW)).toBe(false);
    expect(circuit.answeredMs).toBe(0);
    expect(circuit.failedContacts).toEqual({ [BUDGET.round]: 1 });
    expect(circuit.state).toEqual({
      pausedUntilMs: NOW + CONTACT_PAUSE_MS,
      pauses: 1,
      reason: 'timeout',
    });
  });

  it('begins to count again after a good answer', () => {
    const circuit = proven();
    fail(circuit, 'timeout', 4);
    circuit.recordSuccess(NOW);
    fail(circuit, 'timeout', 4);
    expect(circuit.isProven(NOW)).toBe(true);
  });

  it('is unproven an hour later, and its first silence is a contact then', () => {
    const circuit = proven();
    expect(circuit.isProven(NOW + HOUR_MS - 1)).toBe(true);
    expect(circuit.isProven(NOW + HOUR_MS)).toBe(false);
    circuit.recordFailure(failed('timeout'), NOW + HOUR_MS, HALF);
    expect(circuit.failedContacts).toEqual({ [BUDGET.round]: 1 });
  });
});

describe('what another worker met', () => {
  const met: HostRecord = {
    ...NEW_HOST,
    pausedUntilMs: NOW + 5000,
    pauses: 3,
    reason: 'unavailable',
    detail: 'busy',
  };

  it('is taken over where its pause is the later one', () => {
    const circuit = new HostCircuit();
    const state = { pausedUntilMs: NOW + 5000, pauses: 3, reason: 'unavailable', detail: 'busy' };
    circuit.learn(met);
    expect(circuit.state).toEqual(state);
    circuit.learn({ ...met, pausedUntilMs: NOW, pauses: 1 });
    expect(circuit.state).toEqual(state);
  });

  it('proves the host, until an hour after its answer', () => {
    const circuit = new HostCircuit();
    circuit.learn({ ...NEW_HOST, answeredMs: NOW });
    expect(circuit.isProven(NOW)).toBe(true);
    expect(circuit.isProven(NOW + HOUR_MS)).toBe(false);
    circuit.learn({ ...NEW_HOST, answeredMs: NOW - 5 });
    expect(circuit.answeredMs).toBe(NOW);
  });

  it('counts as contacts of this one, of each round the most', () => {
    const circuit = new HostCircuit();
    fail(circuit, 'timeout', 2);
    circuit.learn({ ...NEW_HOST, failedContacts: { [BUDGET.round]: 1, other: 3 } });
    expect(circuit.failedContacts).toEqual({ [BUDGET.round]: 2, other: 3 });
    circuit.learn({ ...NEW_HOST, failedContacts: { [BUDGET.round]: 3 } });
    expect(circuit.isGivenUp(NOW + HOUR_MS, BUDGET)).toBe(true);
  });

  it('is no proof where contacts have failed since', () => {
    const circuit = new HostCircuit();
    circuit.learn({ ...NEW_HOST, answeredMs: NOW - 5, failedContacts: { [BUDGET.round]: 1 } });
    expect(circuit.isProven(NOW)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { lookupTimeout, nameLookupError } from '../../adapters/dns/resolve-name.ts';
import { failureOf } from '../../adapters/http/network-failure.ts';

describe('a failed look-up', () => {
  it.each([
    ['ENOTFOUND', 'a.test does not exist (NXDOMAIN)', true],
    ['ENODATA', 'a.test has no address (no A or AAAA record)', true],
    ['EBADNAME', 'a.test is not a valid host name (EBADNAME)', true],
    ['ESERVFAIL', 'a.test not looked up: the name server could not resolve it (SERVFAIL)', false],
    ['EREFUSED', 'a.test not looked up: the name server refused the query (REFUSED)', false],
    ['ECONNREFUSED', 'a.test not looked up: no name server could be reached (ECONNREFUSED)', false],
    ['EAI_AGAIN', 'a.test not looked up: EAI_AGAIN', false],
  ])('tells of %s, and never passes for a failed connection', (code, told, isMissing) => {
    const error = nameLookupError('a.test', code);
    expect(failureOf(error, false)).toEqual({ reason: 'dns-failed', detail: told });
    expect(error.isMissing).toBe(isMissing);
  });

  it('tells how long it took', () => {
    expect(failureOf(lookupTimeout('a.test', 5000), false)).toEqual({
      reason: 'dns-failed',
      detail: 'a.test not looked up: timed out after 5000 ms',
    });
  });
});

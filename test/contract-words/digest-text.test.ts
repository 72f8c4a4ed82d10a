import { hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutDigest } from '../../contract/digest-text.ts';

test('what is cut out of the text is what its bytes say', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const bytes = hash('sha256', text, 'buffer');
      expect(cutDigest(bytes.toString('base64url'))).toEqual({
        firstByte: bytes[0],
        text: bytes.subarray(0, 16).toString('base64url'),
      });
    }),
    { numRuns: 1000 },
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrowingBody } from '../../adapters/http/growing-body.ts';

it('is what came, whatever was announced', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });
  const announced = fc.oneof(fc.integer({ min: -5, max: 300 }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(pieces, announced, (parts, length) => {
      const body = new GrowingBody(length);
      for (const part of parts) body.push(Buffer.from(part));
      expect(body.whole()).toEqual(Buffer.concat(parts));
    }),
  );
});

it('gives its memory back when it is told to', () => {
  const body = new GrowingBody(1000);
  body.push(Buffer.from('a'));
  body.push(Buffer.from('b'));
  const whole = body.whole();
  expect(whole.toString()).toBe('ab');
  body.free();
  expect(whole.byteLength).toBe(0);
});

import { describe, expect, it } from 'vitest';
import { pdqOf } from '../../adapters/pixels/pdq.ts';
import { pattern } from './patterns.ts';

/** Seed, width, height; hash and quality that the reference implementation in C++ has of the same pixels. */
const REFERENCE = [
  [1, 64, 64, 'c79bcdef43ee24841e7a9d2d9aa355149bf5e426faae34fc3d1484407ed96000', 100],
  [2, 5, 5, '348d94a5cb726b5a96a56c5b94a5c3e0695a94a5348d94a5cb726b5a96a57c1f', 17],
  [3, 128, 96, '7dbb4d215a3a570d5cb92ff4b6ffd277d8e9bb8c41f142b461c9695680810a01', 100],
  [4, 333, 77, '23d36fe5d21de62ab4bfcaf44a95b7e8001f01be2a1fe0a9a01f1f6f201f001f', 100],
  [5, 512, 512, 'f2b903ff83d903ffc26a03ff433a03ff03fffc00ac24fc002d5efc00ed20fc00', 100],
  [6, 513, 40, '53b2484848818236caf2ccfb8d002ea70c26ceca0a9e4aa10fbf0fef0fff0fff', 100],
  [7, 1000, 700, 'aaa8ffddfdffa0a255550a827bb88088a58daa20bd55028a333fa8aaff74a0aa', 100],
  [8, 63, 65, '5f41adffd3512cfb7f8ba094a4594f21eb939dba65295dc0d0a1d4fc0029d421', 100],
  [9, 4, 300, '0000000000000000000000000000000000000000000000000000000000000000', 0],
  [10, 257, 511, '01ff21ff01fffe00fe00fe08f600fe227e28de08fe02fe02fe20d6aa762a76a0', 100],
] as const;

describe('pdqOf', () => {
  it.each(REFERENCE)('of pattern %d, %d x %d, is that of the reference', (...row) => {
    const [seed, width, height, hash, quality] = row;
    expect(pdqOf(pattern(seed, width, height))).toEqual({ hash, quality });
  });

  it('has a quality of 0 for a picture of one colour', () => {
    const data = new Uint8Array(3 * 100 * 100).fill(90);
    expect(pdqOf({ data, width: 100, height: 100 }).quality).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import type { Positions } from '../../../core/model/purpose.ts';
import { parseContentSignal } from '../../../core/rights/content-signal.ts';

const VALUES: readonly (readonly [string, Positions])[] = [
  ['search=yes, ai-train=no', { search: 'allowed', train: 'reserved' }],
  ['search=yes,ai-train=no', { search: 'allowed', train: 'reserved' }],
  [
    'search=yes,ai-train=no,use=reference',
    { search: 'allowed', train: 'reserved', keep: 'allowed' },
  ],
  [
    'search=yes, ai-input=yes, ai-train=no',
    { search: 'allowed', 'ai-input': 'allowed', train: 'reserved' },
  ],
  ['ai-input=no', { 'ai-input': 'reserved' }],
  ['ai-train=no', { train: 'reserved' }],
  ['ai-train=yes', { train: 'allowed' }],
  ['search=no', { search: 'reserved' }],
  ['use=immediate', { keep: 'reserved' }],
  ['use=reference', { keep: 'allowed' }],
  ['use=full', { keep: 'allowed' }],
  ['use=immediate, use=full', { keep: 'reserved' }],
  ['use=full, use=immediate', { keep: 'reserved' }],
  ['ai-train=no, ai-train=yes', { train: 'reserved' }],
  ['ai-train=yes, ai-train=no', { train: 'reserved' }],
  ['AI-Train=NO', { train: 'reserved' }],
  ['  ai-train = no ', { train: 'reserved' }],
  ['ai-train=no;search=yes', { train: 'reserved', search: 'allowed' }],
  ['ai-train=no,,search=yes', { train: 'reserved', search: 'allowed' }],
  ['ai-train=no,', { train: 'reserved' }],
  // The label of the other vocabulary, other values and no value say nothing.
  ['train-ai=no', {}],
  ['ai-train=n', {}],
  ['ai-train=0', {}],
  ['ai-train', {}],
  ['ai-train=', {}],
  ['ai-train: no', {}],
  ['use=', {}],
  ['use=none', {}],
  ['no', {}],
  ['', {}],
  ['ai-train="no"', {}],
  ['foo=no, ai-train=no', { train: 'reserved' }],
];

describe('Content-Signal', () => {
  it.each(VALUES)('%j', (value, positions) => {
    expect(parseContentSignal(value)).toEqual(positions);
  });
});

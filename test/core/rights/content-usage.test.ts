import { describe, expect, it } from 'vitest';
import { parseContentUsage } from '../../../core/rights/content-usage.ts';

const allowed = 'allowed';
const reserved = 'reserved';

/** Value, `train`, `search`: as draft-ietf-aipref-vocab, section "Processing Algorithm", has them. */
const VALUES: readonly (readonly [string, string?, string?])[] = [
  ['train-ai=n', reserved],
  ['train-ai=y', allowed],
  ['train-ai=y, search=n', allowed, reserved],
  ['search=n,train-ai=y', allowed, reserved],
  ['search=n', undefined, reserved],
  ['search=y', undefined, allowed],
  ['  train-ai=n  ', reserved],
  ['train-ai=n,\tsearch=n', reserved, reserved],
  // Of equal keys the last one counts, whatever its type is.
  ['train-ai=y, train-ai, search=n, search="n"'],
  ['train-ai=y, train-ai=n', reserved],
  ['train-ai=n, train-ai=y', allowed],
  ['train-ai;allow=n, train-ai=y', allowed],
  ['train-ai=n, train-ai=?0'],
  // Parameters mean nothing.
  ['train-ai;has;parameters="?"'],
  ['train-ai=n;exception=y', reserved],
  ['train-ai=y;a;b=1;c="n"', allowed],
  // Other types and tokens are no preference.
  ['train-ai'],
  ['train-ai=?0'],
  ['train-ai=?1'],
  ['train-ai="n"'],
  ['train-ai=0'],
  ['train-ai=1.5'],
  ['train-ai=N'],
  ['train-ai=Y'],
  ['train-ai=no'],
  ['train-ai=yes'],
  ['train-ai=n/a'],
  ['train-ai=(n)'],
  ['train-ai=(y n)'],
  ['train-ai=:bg==:'],
  ['train-ai=@1659578233'],
  ['train-ai=*'],
  // Unknown labels are ignored, those of earlier drafts too.
  ['train-genai=n'],
  ['ai=n'],
  ['bots=n'],
  ['tdm=n'],
  ['ai-train=n'],
  ['foo=bar, train-ai=n', reserved],
  ['train-ai=n, *star=y, _under=1', undefined],
  ['train-ai=n, *star=y', reserved],
  // What is no dictionary says nothing at all.
  ['Train-AI=n'],
  ['TRAIN-AI=n, search=n'],
  ['train-ai=n, search=n,'],
  ['train-ai=n search=n'],
  ['train-ai=n; search=n', reserved],
  ['train-ai = n'],
  ['train-ai=n, ,search=n'],
  ['train-ai=n,search="n'],
  ['train-ai=é'],
  ['train-ai=n\u0000'],
  ['=n'],
  ['train-ai='],
  [''],
  ['   '],
  ['n'],
  ['"train-ai"=n'],
  ['train-ai=n\nsearch=n'],
  [`${'a'.repeat(5000)}=n, train-ai=n`, reserved],
];

describe('Content-Usage', () => {
  it.for(VALUES)('%j: train %s, search %s', ([value, train, search]) => {
    const expected = {
      ...(train !== undefined && { train }),
      ...(search !== undefined && { search }),
    };
    expect(parseContentUsage(value)).toEqual(expected);
  });
});

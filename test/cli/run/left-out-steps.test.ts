import { expect, test } from 'vitest';
import { leftOutSteps } from '../../../cli/run/left-out-steps.ts';
import { aProgress } from '../records.ts';

test.each([
  ['credential-url', /^1 URL with a signature or token .* --allow-credential-urls$/],
  ['reserved', /^1 image not kept .* crawl audit R\nIf yours are others, .* --purpose search$/],
  ['crawl-delay-too-long', /^1 URL not requested .* --max-crawl-delay 10m$/],
] as const)('a person is told how to have what is %s', (reason, told) => {
  const steps = leftOutSteps(aProgress({ reasons: { [reason]: 1 } }), 'crawl audit R');
  expect(steps.join('\n')).toMatch(told);
});

test('nothing is told where nothing was left out', () => {
  expect(leftOutSteps(aProgress({ reasons: { 'not-found': 3 } }), 'crawl audit R')).toEqual([]);
});

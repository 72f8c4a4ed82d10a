import { expect, test } from 'vitest';
import { toldByApp } from '../../../local/template/told-by-app.ts';

const BEFORE = `Bundling asset ImageCrawler/Seeder/Seed/Function/Code/Stage...

  ...building/index.mjs  668.8kb
  ...building/index.mjs.map    1.1mb

⚡ Done in 1732ms
Bundling asset ImageCrawler/Worker/Crawl/Function/Code/Stage...
`;

const FIRST = `Unexpected ";"

    lambdas/worker/on-image.ts:1:44:
      1 │ export const onImage = async () => ({ kind: ;
        ╵                                             ^`;

const SECOND = `Could not resolve "./missing.ts"

    lambdas/worker/on-image.ts:2:7:
      2 │ import './missing.ts';
        ╵        ~~~~~~~~~~~~~~`;

const BEHIND = `
2 errors
node:internal/modules/run_main:107
    triggerUncaughtException(
    ^

[«FailedToBundleAsset» Failed to bundle asset ImageCrawler/Worker
    (no user code in 10 frames, use --stack-trace-limit to capture more)

Node.js v24.21.0
`;

test('errors in the sources are told, and nothing else', () => {
  const stderr = `${BEFORE}✘ [ERROR] ${FIRST}\n\n✘ [ERROR] ${SECOND}\n\n${BEHIND}`;
  expect(toldByApp(stderr)).toBe(`${FIRST}\n${SECOND}`);
});

test('any other complaint is told as it is', () => {
  const complaint = 'Error: crawler.batchSize\n  → at batchSize';
  expect(toldByApp(`${BEFORE}${complaint}\n\nNode.js v24.21.0\n`)).toBe(complaint);
});

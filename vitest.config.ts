import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SpreadLongFiles } from './test/spread-long-files.ts';

/** Tests that start processes, threads and emulators, or weigh their own: each has a process to itself. */
const OF_THE_WHOLE = [
  'test/end-to-end/**/*.test.ts',
  'test/local/**/*.test.ts',
  'test/simulation/**/*.test.ts',
  'test/bench/**/*.test.ts',
  'test/http/memory.test.ts',
];

/** All pairs of deaths, thousands of schedules, variants of whole runs: `npm run test:exhaustive`. */
const EXHAUSTIVE = [
  'test/end-to-end/exhaustive/*.test.ts',
  'test/local/command-bundle.test.ts',
  'test/simulation/two-deaths-*.test.ts',
  'test/simulation/power-cuts.test.ts',
  'test/simulation/refusal-at-every-call.test.ts',
  'test/simulation/schedules.test.ts',
  'test/datasets/python-readers.test.ts',
];

/** Tests of one part that are left out of `npm run test:quick`: each takes many seconds. */
const THOROUGH = [
  'test/**/fuzz.test.ts',
  'test/**/hostile*.test.ts',
  'test/infra/{settings,deployment,watch,assets,best-practices}.test.ts',
  'test/seeds/accounting.test.ts',
  'test/telemetry/local-crawl.test.ts',
  'test/worker/any-schedule.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The CDK's rules of CloudFormation take a second for each synthesis; `npm run synth` applies them.
    env: { CDK_VALIDATION: 'false' },
    // Some files mostly wait for processes of their own: four keep two cores busy.
    maxWorkers: 2 * availableParallelism(),
    sequence: { sequencer: SpreadLongFiles },
    // The stack is synthesised once, before tests run beside each other.
    globalSetup: ['test/synthesise.ts'],
    projects: [
      {
        extends: true,
        // They start processes beside whatever else the machine does: one that fails is run once more,
        // and is marked in the report when it passes then. The other projects have no such excuse.
        test: { name: 'whole', include: OF_THE_WHOLE, exclude: EXHAUSTIVE, retry: 1 },
      },
      { extends: true, test: { name: 'exhaustive', include: EXHAUSTIVE } },
      {
        extends: true,
        test: {
          name: 'thorough',
          include: THOROUGH,
          exclude: OF_THE_WHOLE,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [...OF_THE_WHOLE, ...THOROUGH, ...EXHAUSTIVE],
          // What they import is read once and not for each of 130 files: half of their time.
          isolate: false,
        },
      },
    ],
  },
});

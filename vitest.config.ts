import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests that start processes, threads and emulators, or weigh their own: each has a process to itself. */
const OF_THE_WHOLE = [
  ...['end-to-end', 'local', 'simulation', 'bench'].map((folder) => `test/${folder}/**/*.test.ts`),
  'test/http/memory.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    // Some files mostly wait for processes of their own: three keep two cores busy.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    // The stack is synthesised once, before tests run beside each other.
    globalSetup: ['test/synthesise.ts'],
    projects: [
      { extends: true, test: { name: 'whole', include: OF_THE_WHOLE } },
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: OF_THE_WHOLE,
          // What they import is read once and not for each of 130 files: half of their time.
          isolate: false,
        },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // Some files mostly wait for processes of their own: a core is not enough for each.
    maxWorkers: '100%',
    // The stack is synthesised once, before tests run beside each other.
    globalSetup: ['test/synthesise.ts'],
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // The stack is synthesised once, before tests run beside each other.
    globalSetup: ['test/synthesise.ts'],
  },
});

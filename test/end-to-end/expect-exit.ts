import { expect } from 'vitest';
import type { Ended } from './crawl-process.ts';

/** Fails unless the command ended with this code, and then shows all that it printed. */
export function expectExit({ code, stdout, stderr }: Ended, expected: number): void {
  expect(code, `exit code; the command printed:\n${stdout}${stderr}`).toBe(expected);
}

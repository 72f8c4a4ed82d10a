import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const CLOCK = new URL('../../adapters/system-clock.ts', import.meta.url).href;

it('a sleep holds the process: an empty event loop would end an invocation before its handler', async () => {
  const script = `
    const { systemClock } = await import(${JSON.stringify(CLOCK)});
    const before = systemClock.now();
    await systemClock.sleep(20);
    process.stdout.write(systemClock.now() - before >= 15 ? 'awake' : 'too early');
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    script,
  ]);
  expect(stdout).toBe('awake');
});

import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FunctionErrors } from '../../../cli/watch/function-errors.ts';
import { freshFolder } from '../../fresh-folder.ts';

const RUN = 'a-run';

async function logs() {
  const folder = await freshFolder();
  const path = join(folder, 'WorkerCrawlFunction.log');
  await writeFile(path, '');
  return { path, errors: new FunctionErrors(folder, RUN) };
}

function aLine(fields: object): string {
  const timestamp = '2026-11-28T07:18:01.123Z';
  return `${JSON.stringify({ level: 'ERROR', message: 'task broke', timestamp, runId: RUN, ...fields })}\n`;
}

const HOOK = {
  name: 'Error',
  location: '/project/lambdas/worker/on-image.ts:3',
  message: 'my bug',
  stack: 'Error: my bug\n    at onImage (/project/lambdas/worker/on-image.ts:3:9)',
};

test('an error is told once with its place, however often it is logged', async () => {
  const { path, errors } = await logs();
  await writeFile(path, aLine({ error: HOOK }).repeat(3));
  await errors.read();
  await appendFile(path, aLine({ error: HOOK, timestamp: '2026-11-28T07:19:00.000Z' }));
  await errors.read();
  await errors.read();
  expect(errors.rows(9)).toEqual([
    {
      message: 'my bug',
      where: '/project/lambdas/worker/on-image.ts:3',
      source: 'WorkerCrawlFunction',
      count: '4',
      lastAt: '07:19:00',
    },
  ]);
});

test('an error without a place is found in its stack', async () => {
  const { path, errors } = await logs();
  await writeFile(path, aLine({ error: { ...HOOK, location: '' } }));
  await errors.read();
  expect(errors.rows(9)[0]?.where).toBe('/project/lambdas/worker/on-image.ts:3:9');
});

test('what is of other runs, no error, or no JSON is left out', async () => {
  const { path, errors } = await logs();
  const lines = [
    aLine({ runId: 'b-run', error: HOOK }),
    aLine({ runId: undefined, runIds: ['b-run'], error: HOOK }),
    aLine({ level: 'INFO' }),
    '{"level":"ERROR", cut\n',
    'Error: from a console\n',
  ];
  await writeFile(path, lines.join(''));
  await errors.read();
  expect(errors.rows(9)).toEqual([]);
});

test('a line is read when it is whole', async () => {
  const { path, errors } = await logs();
  const line = aLine({ error: 'half' });
  await writeFile(path, line.slice(0, 40));
  await errors.read();
  expect(errors.rows(9)).toEqual([]);
  await appendFile(path, line.slice(40));
  await errors.read();
  expect(errors.rows(9)).toMatchObject([{ message: 'half', count: '1' }]);
});

test('of a long log the end is read, and of one that was begun again all', async () => {
  const { path, errors } = await logs();
  await writeFile(path, aLine({ error: 'long ago' }) + `${'x'.repeat(99)}\n`.repeat(5000));
  await appendFile(path, aLine({ error: 'just now' }));
  await errors.read();
  expect(errors.rows(9).map(({ message }) => message)).toEqual(['just now']);
  await truncate(path);
  await appendFile(path, aLine({ error: 'again' }));
  await errors.read();
  expect(errors.rows(9).map(({ message }) => message)).toContain('again');
});

test('knows which hosts were paused, the latest last', async () => {
  const { path, errors } = await logs();
  const paused = { level: 'INFO', message: 'host is paused', runId: undefined, runIds: [RUN] };
  const hosts = ['a.example', 'b.example', 'a.example'];
  await writeFile(path, hosts.map((host) => aLine({ ...paused, host })).join(''));
  await errors.read();
  expect(errors.pausedHosts).toEqual(['b.example', 'a.example']);
});

test('a folder that is not there has no errors', async () => {
  const errors = new FunctionErrors('/does/not/exist', RUN);
  await errors.read();
  expect(errors.rows(9)).toEqual([]);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { benchUrls } from '../../../bench/bench-urls.ts';
import { PROJECT } from '../../../local/project.ts';
import { aRun } from '../../cli/records.ts';
import { freshFolder } from '../../fresh-folder.ts';
import { edited, readStack } from '../../local/permissions/edited-stack.ts';
import { type RunningStack, run } from '../../local/permissions/running-stack.ts';
import { startPictureSite } from '../picture-site.ts';
import { waitUntil } from '../wait-until.ts';

const IMAGES = 40;
const RUN_ID = '20261128T200000-flee';
/** Whoever dies gives its tasks to the next one after so many seconds. */
const LEASE_S = 4;
/** How long a process may need until it asks, in milliseconds. */
const STARTS_MS = 60_000;
/** After a signal no request begins that could take so long: a second of them is left. */
const TIMEOUT_MS = 39_000;

/** The stack as a fleet leaves it: no function works the task queue. */
async function stackWithoutWorkers() {
  return edited(await readStack(), (id, resource) => {
    const isWorkers =
      resource.Type === 'AWS::Lambda::EventSourceMapping' && /^WorkerCrawl/.test(id);
    if (!isWorkers) return resource;
    return { ...resource, Properties: { ...resource.Properties, Enabled: false } };
  });
}

/** A worker as a container runs it: a Node process with the environment of the function. */
async function startWorker(running: RunningStack) {
  const { outputs, endpoints } = running.stack;
  const worker = spawn(process.execPath, [join(PROJECT, 'lambdas', 'fleet', 'index.ts')], {
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: endpoints.sqs,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '2048',
      TASK_QUEUE_URL: outputs.TaskQueueUrl,
      DEFERRED_QUEUE_URL: await running.deferredQueueUrl(),
      TABLE_NAME: outputs.TableName,
      BUCKET_NAME: outputs.BucketName,
      IMAGE_STORAGE: 'shards',
      ALLOW_PRIVATE_ADDRESSES: 'true',
      ALLOWED_HOSTS: '[]',
      DENIED_HOSTS: '[]',
      PROXIES: '{}',
      MAX_BODY_BYTES: '1000000',
      MAX_IN_FLIGHT: '16',
      LEASE_S: String(LEASE_S),
      IMAGE_RETENTION_DAYS: '0',
      RESULT_RETENTION_DAYS: '0',
      STACK_NAME: 'ImageCrawler',
      DEBUG_SAMPLE_RATE: '0',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  return worker;
}

/** How a process ended, and what it complained of. */
async function endOf(worker: ChildProcess) {
  const { stderr } = worker;
  if (stderr === null) throw new Error('a process without standard error');
  const [said] = await Promise.all([text(stderr), once(worker, 'close')]);
  return { code: worker.exitCode, signal: worker.signalCode, said };
}

async function resultsOf({ archive }: RunningStack): Promise<readonly string[]> {
  const urls: string[] = [];
  for await (const run of archive.list())
    if (run.runId === RUN_ID) for await (const { url } of archive.results(run)) urls.push(url);
  return urls;
}

test('a worker that is told to stop drains, one that is killed loses nothing', {
  timeout: 180_000,
}, async () => {
  const site = await startPictureSite({ pictures: IMAGES, slowMs: 500, hosts: 2 });
  const urls = benchUrls(site.origins, IMAGES);
  const running = await run(await stackWithoutWorkers(), await freshFolder());
  onTestFinished(() => running.close());
  const settings = { ...aRun().settings, perHost: 1, timeoutMs: TIMEOUT_MS };
  await running.begin(RUN_ID, await running.putList(RUN_ID, urls), { settings });

  const first = await startWorker(running);
  const firstEnds = endOf(first);
  await waitUntil('6 requests', () => site.asked.length >= 6, STARTS_MS);
  first.kill('SIGTERM');
  expect(await firstEnds).toEqual({ code: 0, signal: null, said: '' });
  const drained = site.asked.length;
  expect(drained).toBeLessThan(IMAGES);
  // What it asked for it has settled.
  expect((await resultsOf(running)).toSorted()).toEqual(site.asked.toSorted());

  const second = await startWorker(running);
  const secondEnds = endOf(second);
  await waitUntil('4 requests more', () => site.asked.length >= drained + 4, STARTS_MS);
  second.kill('SIGKILL');
  expect(await secondEnds).toMatchObject({ signal: 'SIGKILL' });

  const third = await startWorker(running);
  const thirdEnds = endOf(third);
  expect(await running.end(RUN_ID)).toMatchObject({ succeeded: IMAGES, failed: 0, skipped: 0 });
  third.kill('SIGTERM');
  expect(await thirdEnds).toMatchObject({ code: 0 });
  expect((await resultsOf(running)).toSorted()).toEqual(urls.toSorted());
});

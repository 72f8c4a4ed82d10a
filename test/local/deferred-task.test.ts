import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSqs } from '../../adapters/aws/clients.ts';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import type { Assembly } from '../../local/template/template.ts';
import { waitUntil } from '../end-to-end/wait-until.ts';
import { aTask } from '../worker/records.ts';
import { edited, readStack } from './permissions/edited-stack.ts';
import { type RunningStack, run } from './permissions/running-stack.ts';

const URLS = ['https://a.example/0.png'];

let folder: string;
let running: RunningStack;
let sqs: ReturnType<typeof createSqs>;
let queue: SqsTaskQueue;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crawler-deferral-'));
  running = await run(withoutWorker(impatient(await readStack())), folder);
  sqs = createSqs({ ...LOCAL_IDENTITY, endpoint: running.stack.endpoints.sqs });
  queue = new SqsTaskQueue({
    sqs,
    clock: systemClock,
    queueUrl: running.stack.outputs.TaskQueueUrl,
    deferredQueueUrl: await running.deferredQueueUrl(),
  });
});

afterAll(async () => {
  sqs.destroy();
  await running.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** The stack whose worker is not fed: what comes to the task queue stays there. */
function withoutWorker(assembly: Assembly): Assembly {
  const { Resources } = assembly.template;
  const left = Object.entries(Resources).filter(([id, { Type }]) => {
    return Type !== 'AWS::Lambda::EventSourceMapping' || !id.startsWith('Worker');
  });
  return { ...assembly, template: { ...assembly.template, Resources: Object.fromEntries(left) } };
}

/** The stack whose deferred tasks have two deliveries, a second apart. */
function impatient(assembly: Assembly): Assembly {
  return edited(assembly, (id, resource) => {
    const { RedrivePolicy } = resource.Properties;
    if (!id.startsWith('DeferredQueueTasks') || typeof RedrivePolicy !== 'object') return resource;
    const Properties = {
      ...resource.Properties,
      VisibilityTimeout: 1,
      RedrivePolicy: { ...RedrivePolicy, maxReceiveCount: 2 },
    };
    return { ...resource, Properties };
  });
}

/** The tasks that can be received, within that many seconds. */
async function receive(waitS: number) {
  const options = { max: 10, waitMs: waitS * 1000, visibilityMs: 60_000 };
  const deliveries = await queue.receive(options);
  return deliveries.flatMap((one) => (one.kind === 'task' ? [one.received] : []));
}

describe('a task that is deferred by a second', () => {
  it('comes back to its group then, and meanwhile does not hold it', async () => {
    const [deferred, next] = ['w0-g1-0~1', 'w0-g1-1'].map((id) => aTask(id, URLS));
    if (deferred === undefined || next === undefined) throw new Error('two tasks were expected');
    const deferredMs = Date.now();
    await queue.defer([deferred], 1000);
    await queue.send([next]);
    const [first] = await receive(20);
    expect(first?.task).toEqual(next);
    await queue.remove([first?.receipt ?? '']);
    const [second] = await receive(20);
    expect(second?.task).toEqual(deferred);
    expect(Date.now() - deferredMs).toBeGreaterThanOrEqual(1000);
    await queue.remove([second?.receipt ?? '']);
  });
});

describe('a deferred message that is no task', () => {
  it('is kept by the dead-letter function when its deliveries are used up', async () => {
    await running.defer('{ what?', 0);
    const log = join(folder, 'data', 'logs', 'DeadLetterDismantleFunction.log');
    await waitUntil('the message is kept', async () => {
      return (await readFile(log, 'utf8')).includes('poison message kept');
    });
  });
});

import { join } from 'node:path';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished } from 'vitest';
import { createSqs } from '../../adapters/aws/clients.ts';
import { serveDemoSite } from '../../cli/demo/demo-site.ts';
import { startEmulators } from '../../local/emulators/emulators.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';

/** A server that is there already, with SQS, DynamoDB and S3 behind one address. */
async function startServer(folder: string) {
  const emulators = await startEmulators(folder);
  onTestFinished(() => emulators.close());
  return emulators.url;
}

it('a crawl of this machine can keep its queues and its ledger on another server', async () => {
  const home = await freshHome();
  const site = await serveDemoSite();
  onTestFinished(() => site.close());
  const endpoint = ['--endpoint', await startServer(join(home.folder, 'server'))] as const;

  const words = ['run', ...site.tutorial, '--allow-private', '--json', ...endpoint];
  const run = await home.crawl(...words);
  expectExit(run, 0);
  const { runId, succeeded } = JSON.parse(run.stdout);
  expect(succeeded).toBe(10);

  const [, url] = endpoint;
  const sqs = createSqs({ ...LOCAL_IDENTITY, endpoint: url });
  onTestFinished(() => sqs.destroy());
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  // Tasks, deferred tasks, the dead letters of both, events of the seeder that failed.
  expect(QueueUrls).toHaveLength(5);

  const status = await home.crawl('status', runId, '--json', ...endpoint);
  expect(JSON.parse(status.stdout)).toMatchObject({ runId, state: 'done', succeeded: 10 });
  // The runs of this machine's own emulators are others.
  expectExit(await home.crawl('status', runId), 2);

  const again = await home.crawl('run', ...site.tutorial, '--allow-private', '--json', ...endpoint);
  expect(JSON.parse(again.stdout)).toMatchObject({ succeeded: 10 });
});

it.each(['localhost:4566', 'ftp://localhost', ''])('--endpoint is a URL: %j', async (text) => {
  const home = await freshHome();
  const ended = await home.crawl('status', '--endpoint', text);
  expectExit(ended, 2);
  expect(ended.stderr).toBe(
    `crawl: --endpoint: expected a URL like http://localhost:4566, got "${text}"\n`,
  );
});

import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it, onTestFinished } from 'vitest';
import { createDynamo, createS3, createSqs } from '../../adapters/aws/clients.ts';
import { CrawlerStack } from '../../infra/crawler-stack.ts';
import { readSettings } from '../../infra/settings.ts';
import { buildStack } from '../../local/built-stack.ts';
import { startEmulators } from '../../local/emulators/emulators.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import { templateSchema } from '../../local/template/template.ts';
import { freshFolder } from '../fresh-folder.ts';
import { EVERY_SETTING } from '../infra/every-setting.ts';

it('the stack runs on this machine whatever settings are chosen for the cloud', async () => {
  const folder = await freshFolder();
  const emulators = await startEmulators(folder);
  const at = { ...LOCAL_IDENTITY, endpoint: emulators.url };
  const dynamo = createDynamo(at);
  const clients = { sqs: createSqs(at), s3: createS3(at), dynamo };
  onTestFinished(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await emulators.close();
  });

  const app = new App({ context: { crawler: EVERY_SETTING, 'aws:cdk:bundling-stacks': [] } });
  const stack = new CrawlerStack(app, 'Chosen', readSettings(app.node));
  const template = templateSchema.parse(Template.fromStack(stack).toJSON());
  const keys = JSON.stringify(template).matchAll(/"S3Key":"([^"]+)"/g);
  const assets = new Map([...keys].map(([, key = '']) => [key, folder]));

  const built = await buildStack({ template, assets }, 'Chosen', clients);
  expect(built.functions).toHaveLength(5);
  // Schedules are known, and wait for a clock that no stack of this machine lives long enough for.
  expect(built.objectRules.rules).toHaveLength(1);
});

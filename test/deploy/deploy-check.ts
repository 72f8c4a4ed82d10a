/**
 * `npm run test:deploy`: the stack in a CloudFormation that is not ours. The CDK's own command
 * bootstraps and deploys to moto's server; a list that is put into the bucket becomes a run, and
 * the command crawls another one with `--stack`. What moto lacks is said, and nothing else is done
 * by hand that the stack should do. Skipped where Python or moto cannot be had.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveDemoSite } from '../../cli/demo/demo-site.ts';
import { DeployedStack } from './deployed-stack.ts';
import { startMoto } from './moto-server.ts';

/** Types that moto's CloudFormation passes over. */
const UNKNOWN = [
  'AWS::CloudWatch::Alarm',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
];

/** What holds runs, by its physical name. */
function keptOf(created: readonly { readonly type: string; readonly name: string }[]) {
  const kept = ['AWS::SQS::Queue', 'AWS::DynamoDB::Table', 'AWS::S3::Bucket'];
  return created
    .filter(({ type }) => kept.includes(type))
    .map(({ name }) => name)
    .toSorted();
}

const folder = await mkdtemp(join(tmpdir(), 'crawl-deploy-'));
const moto = await startMoto(folder);
if (moto.kind === 'absent') {
  await rm(folder, { recursive: true, force: true });
  console.log(`skipped: the stack was not deployed to moto, since ${moto.why}`);
} else {
  const site = await serveDemoSite();
  const stack = new DeployedStack(moto, folder);
  try {
    const list = join(folder, 'list.txt');
    await writeFile(list, [...site.tutorial, ...site.trouble].join('\n'));
    for (const gap of await stack.synthesise()) console.log(gap);
    await stack.bootstrap();
    console.log(await stack.deploy());
    const created = await stack.listCreated();
    const named = created.filter(({ id }) => id !== '');
    for (const { id, type, name } of named) console.log(`${type} ${id}\n    ${name}`);
    console.log(`${named.length} resources; moto knows no ${UNKNOWN.join(', ')}`);
    assert.deepEqual(stack.passedOver(created), UNKNOWN, 'everything else is created');

    await stack.run(created);
    const dropped = await stack.drop(site.tutorial.join('\n'));
    console.log(`a dropped list became run ${dropped.runId}`);
    assert.equal(await stack.imagesOf(dropped.runId), 10, 'the dropped list is crawled');

    const summary = JSON.parse(
      await stack.crawl('run', list, '--json', '--out', join(folder, 'out')),
    );
    console.log(`crawl run --stack: ${JSON.stringify(summary.reasons)}`);
    assert.equal(summary.succeeded, 15, 'the command crawls the deployed stack');

    await stack.synthesise('batchSize=3');
    await stack.deploy();
    assert.deepEqual(
      keptOf(await stack.listCreated()),
      keptOf(created),
      'an update replaces nothing',
    );
    const runs = JSON.parse(await stack.crawl('status', '--json'));
    assert.equal(runs.length, 2, 'an update loses no run');
    console.log('an update keeps queues, table, bucket and runs');

    console.log(await stack.destroy());
    console.log('the stack deploys, crawls and goes');
  } finally {
    await stack.close();
    await moto.stop();
    await site.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

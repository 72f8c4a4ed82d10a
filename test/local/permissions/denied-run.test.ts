import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type DemoSite, serveDemoSite } from '../../../cli/demo/demo-site.ts';
import type { Assembly } from '../../../local/template/template.ts';
import { waitUntil } from '../../end-to-end/wait-until.ts';
import { freshFolder } from '../../fresh-folder.ts';
import { readStack, withoutAction, withVariable } from './edited-stack.ts';
import { run } from './running-stack.ts';

let assembly: Assembly;
let site: DemoSite;

beforeAll(async () => {
  assembly = await readStack();
  site = await serveDemoSite();
});

afterAll(() => site.close());

describe('a run whose function lacks a grant tells of it, and the log names it', () => {
  const LEDGER = 'arn:aws:dynamodb:us-east-1:000000000000:table/ImageCrawler-ResultsTable';
  const TASKS = 'arn:aws:sqs:us-east-1:000000000000:ImageCrawler-TaskQueueTasks';
  const OBJECTS = 'arn:aws:s3:::imagecrawler-imagebucket';

  it.each([
    ['Seeder', 'SeedFunction', 'dynamodb:BatchGetItem', LEDGER],
    ['Seeder', 'SeedFunction', 'sqs:SendMessage', TASKS],
    ['Worker', 'CrawlFunction', 'dynamodb:BatchGetItem', LEDGER],
    ['Worker', 'CrawlFunction', 'dynamodb:BatchWriteItem', LEDGER],
    ['Worker', 'CrawlFunction', 's3:PutObject', OBJECTS],
  ])('%s%s: %s', async (part, name, action, resource) => {
    const folder = await freshFolder();
    const notices: string[] = [];
    const inBucket = withVariable(assembly, 'Worker', 'STORAGE', 's3');
    const lacking = withoutAction(inBucket, part, action);
    const stack = await run(lacking, folder, (line) => notices.push(line));
    onTestFinished(() => stack.close());
    const list = join(folder, 'list.txt');
    await writeFile(list, site.tutorial.join('\n'));
    await stack.begin('denied', pathToFileURL(list).href);

    const log = join(folder, 'data', 'logs', `${part}${name}.log`);
    const words = `is not authorized to perform: ${action} on resource: ${resource}`;
    await waitUntil('a line of the log', async () => {
      return (await readFile(log, 'utf8').catch(() => '')).includes(words);
    });
    const told = notices.filter((line) => line.includes(' may not '));
    expect(told).toEqual([
      expect.stringContaining(`${part}${name} may not ${action} on ${resource}`),
    ]);
    expect(told[0]).toMatch(/: grant it in infra\/$/);
  });
});

describe('a function that may not be fed by its queue', () => {
  it.each([
    ['Worker', 'sqs:ReceiveMessage'],
    ['Worker', 'sqs:DeleteMessage'],
    ['Worker', 'sqs:GetQueueAttributes'],
    ['DeadLetter', 'sqs:ReceiveMessage'],
    ['DeadLetter', 'sqs:DeleteMessage'],
    ['DeadLetter', 'sqs:GetQueueAttributes'],
  ])('is an error when the stack starts, as when it is deployed: %s %s', async (part, action) => {
    const folder = await freshFolder();
    await expect(run(withoutAction(assembly, part, action), folder)).rejects.toMatchObject({
      name: 'UnsupportedTemplateError',
      message: expect.stringMatching(
        new RegExp(`^event source: \\S+${part}\\S+ may not ${action} on arn:`),
      ),
    });
    // Nothing is left of the attempt.
    await (await run(assembly, folder)).close();
  });
});

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type DemoSite, serveDemoSite } from '../../cli/demo/demo-site.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import { readStack, withVariable } from '../local/permissions/edited-stack.ts';
import { type RunningStack, run } from '../local/permissions/running-stack.ts';
import { type Ended, freshHome } from './crawl-process.ts';
import { documentedPolicy, PERSON, withPerson } from './person.ts';
import { describeStacksOf } from './stack-description.ts';

const NAME = 'Deployed';
/** What a person is granted for times that do not come here, and why. */
const RARE: Readonly<Record<string, string>> = {
  'sqs:SendMessage': 'resume sends the rests of tasks again when a run was stopped among them',
};

const judged = z.object({ role: z.string(), call: z.object({ action: z.string() }) });
const used = new Set<string>();
const note = (message: unknown) => {
  const { role, call } = judged.parse(message);
  if (role.endsWith('PersonRole')) used.add(call.action);
};

let folder: string;
let site: DemoSite;
let stack: RunningStack;
let described: Awaited<ReturnType<typeof describeStacksOf>>;

/** Runs a stack as if it were deployed, with its person. */
async function deploy(place: string, without?: string) {
  const inBucket = ['Seeder', 'Worker'].reduce(
    (one, prefix) => withVariable(one, prefix, 'STORAGE', 's3'),
    await readStack(),
  );
  const running = await run(withPerson(inBucket, without), place);
  return { running, cloud: await describeStacksOf(NAME, running.stack.outputs) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crawler-deployed-'));
  subscribe('image-crawler:call-judged', note);
  site = await serveDemoSite();
  ({ running: stack, cloud: described } = await deploy(join(folder, 'whole')));
});

afterAll(async () => {
  unsubscribe('image-crawler:call-judged', note);
  await Promise.all([stack.close(), described.close(), site.close()]);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

interface Cloud {
  readonly running: RunningStack;
  readonly cloud: { readonly url: string };
}

/** The command as a person types it, with the credentials of a key. */
async function typed(
  words: readonly string[],
  { running, cloud }: Cloud = { running: stack, cloud: described },
  key = PERSON,
): Promise<Ended> {
  const { sqs, dynamodb, s3, lambda } = running.stack.endpoints;
  const home = await freshHome();
  await writeFile(home.path('list.txt'), [...site.tutorial, ...site.trouble].join('\n'));
  const environment = {
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: 'any' },
    ...{ AWS_ENDPOINT_URL_SQS: sqs, AWS_ENDPOINT_URL_DYNAMODB: dynamodb },
    ...{ AWS_ENDPOINT_URL_S3: s3, AWS_ENDPOINT_URL_LAMBDA: lambda },
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloud.url,
  };
  return home.start([...words, '--stack', NAME], { environment }).ended;
}

const summary = z.object({ runId: z.string(), succeeded: z.number(), failed: z.number() });

describe('with the permissions that are documented, on a deployed stack', () => {
  let runId: string;

  it('a list is run to its end', async () => {
    const { code, stdout, stderr } = await typed(['run', 'list.txt', '--json']);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const told = summary.parse(JSON.parse(stdout));
    expect(told).toMatchObject({ succeeded: 15, failed: 3 });
    ({ runId } = told);
  });

  it('its images are in the bucket', async () => {
    const { code, stdout } = await typed(['results', runId, '--status', 'succeeded']);
    expect(code).toBe(0);
    const bucket = `s3://${stack.stack.outputs.BucketName}/images/`;
    const files = stdout
      .trim()
      .split('\n')
      .map((line) => z.object({ file: z.string() }).parse(JSON.parse(line)));
    expect(files.filter(({ file }) => !file.startsWith(bucket))).toEqual([]);
    expect(files).toHaveLength(15);
  });

  it.each([
    ['status', [], 0],
    ['retry', [], 0],
    ['cancel', [], 0],
    ['resume', [], 0],
  ] as const)('%s works', async (command, more, code) => {
    const ended = await typed([command, runId, ...more]);
    expect(ended).toMatchObject({ code });
  });

  it('nothing is granted that is not needed', () => {
    const granted = documentedPolicy().Statement.flatMap(({ Action }) => Action);
    const unused = granted.filter((action) => !used.has(action));
    expect(unused).toEqual(Object.keys(RARE));
  });
});

describe('a permission that is missing', () => {
  it.each([
    ['dynamodb:PutItem', /^crawl: AWS denies dynamodb:PutItem on arn:\S+:table\/\S+ to \S+Person/m],
    [
      's3:PutObject',
      /^crawl: AWS denies s3:PutObject on arn:aws:s3:::\S+\/seeds\/\S+\/0 to \S+Person/m,
    ],
    [
      'lambda:InvokeFunction',
      /^crawl: AWS denies lambda:InvokeFunction on arn:\S+Seeder\S+ to \S+Person/m,
    ],
  ])('is named with what it is for: %s', async (action, line) => {
    const cloud = await deploy(join(folder, action.replace(':', '-')), action);
    const { code, stderr } = await typed(['run', 'list.txt'], cloud);
    await Promise.all([cloud.running.close(), cloud.cloud.close()]);
    expect(stderr).toMatch(line);
    expect(stderr.match(/AWS denies/g)).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('is named for the stack itself', async () => {
    const { code, stderr } = await typed(['status'], undefined, 'stranger');
    expect(stderr.trim()).toMatch(
      /^crawl: AWS denies cloudformation:DescribeStacks on arn:\S+stack\/Deployed\/\* to \S+ \(no .*\)$/,
    );
    expect(code).toBe(1);
  });

  it('is no stack that is not there', async () => {
    const home = await freshHome();
    const environment = {
      ...{ AWS_REGION: 'us-east-1', AWS_SECRET_ACCESS_KEY: 'any' },
      AWS_ACCESS_KEY_ID: LOCAL_IDENTITY.credentials.accessKeyId,
      AWS_ENDPOINT_URL_CLOUDFORMATION: described.url,
    };
    const { code, stderr } = await home.start(['status', '--stack', 'Other'], { environment })
      .ended;
    expect(stderr).toContain('--stack: no stack Other in this account and region');
    expect(code).toBe(2);
  });
});

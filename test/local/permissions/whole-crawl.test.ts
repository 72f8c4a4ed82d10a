import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { serveDemoSite } from '../../../cli/demo/demo-site.ts';
import { tablePrefix } from '../../../contract/bucket-keys.ts';
import { imageSettings } from '../../../contract/run-settings.ts';
import { encodeTask } from '../../../contract/task-message.ts';
import type { RunProgress } from '../../../core/model/progress.ts';
import { type Grant, RolePolicy } from '../../../local/permissions/role-policy.ts';
import { aRun } from '../../cli/records.ts';
import { waitUntil } from '../../end-to-end/wait-until.ts';
import { pageSettings } from '../../page-settings.ts';
import { aTask } from '../../worker/records.ts';
import { buildPolicies } from './build-policies.ts';
import {
  edited,
  grantedActions,
  readStack,
  withoutHash,
  withVariable,
  withWrapped,
} from './edited-stack.ts';
import { type RunningStack, run } from './running-stack.ts';

/** What is granted and never asked for here, and why. */
const NEVER_USED: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'the runner writes what a function logs to a file of the data directory',
  'logs:PutLogEvents': 'the same: no function calls CloudWatch Logs, Lambda does it for them',
  's3:PutObject /files/*': 'the hook of this project adds no files to an image',
};

/** Ends the worker when it is about to ask for a certain URL. */
const dyingOfKiller = (module: string) => `
import { subscribe } from 'node:diagnostics_channel';
subscribe('undici:request:create', ({ request }) => {
  if (request.path === '/killer.jpg') process.exit(1);
});
export { handler } from ${JSON.stringify(module)};
`;

/** Has no time left for a request in the first invocation of each instance. */
const shortOfTime = (module: string) => `
import { handler as real } from ${JSON.stringify(module)};
let calls = 0;
export const handler = (event, context) => {
  calls += 1;
  return real(event, calls === 1 ? { ...context, getRemainingTimeInMillis: () => 20_000 } : context);
};
`;

/** A message of the judge's channel: a call that a role made for the first time. */
const judged = z.object({
  role: z.string(),
  call: z.object({ action: z.string(), resource: z.string() }),
  allowed: z.boolean(),
});
type Judged = z.output<typeof judged>;

/** The URLs of a list may be pages: then they are marked, so that no link leads back to them. */
const PAGES = pageSettings();

const assembly = await readStack();
const granted = grantedActions(assembly);
const calls: Judged[] = [];
const notices: string[] = [];
let policies: readonly RolePolicy[];

describe('in crawls with every kind of trouble', () => {
  let folder: string;
  const note = (message: unknown) => void calls.push(judged.parse(message));
  let ends: { whole: RunProgress; cancelled: RunProgress; inBucket: RunProgress };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crawler-permissions-'));
    subscribe('image-crawler:call-judged', note);
    policies = await buildPolicies(assembly, join(folder, 'spare'));
    const site = await serveDemoSite({ slowMs: 100 });
    const killer = `${site.origin.replace('127.0.0.1', 'localhost')}/killer.jpg`;
    // Nothing listens there: its URL waits for two more contacts.
    const dead = 'http://127.0.0.2:1/dead.jpg';
    const urls = [...site.tutorial, ...site.trouble, killer, dead];
    const [whole, inBucket] = await Promise.all([
      crawlToFiles(urls, join(folder, 'files')),
      crawlToBucket(site.tutorial, join(folder, 'bucket')),
    ]);
    ends = { ...whole, inBucket };
    await site.close();
  }, 120_000);

  afterAll(async () => {
    unsubscribe('image-crawler:call-judged', note);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  it('every target has its end', () => {
    expect(ends.whole).toMatchObject({
      succeeded: 15,
      failed: 5,
      skipped: 0,
      reasons: {
        'dead-lettered': 1,
        'not-found': 1,
        'not-an-image': 1,
        truncated: 1,
        'connection-failed': 1,
      },
    });
    expect(ends.cancelled).toMatchObject({ succeeded: 0, failed: 0 });
    expect(ends.inBucket).toMatchObject({ succeeded: 10, failed: 0, skipped: 0 });
  });

  it('nothing is denied', () => {
    expect(calls.filter(({ allowed }) => !allowed)).toEqual([]);
    expect(notices.filter((line) => line.includes(' may not '))).toEqual([]);
  });

  it('all that is granted is used, but for what this machine has no use for', () => {
    const unused = granted.filter(([role, action, objects]) => {
      return !calls.some((one) => isUse(one, role, action, objects));
    });
    expect(new Set(unused.map(nameOf))).toEqual(new Set(Object.keys(NEVER_USED)));
  });

  const needed = granted.filter((grant) => !Object.hasOwn(NEVER_USED, nameOf(grant)));
  it.each(needed)('without its grant %s could not %s %s', (role, action, objects) => {
    const whole = policies.find((one) => withoutHash(one.role) === role);
    const rest = whole?.grants.filter((grant) => !isGrant(grant, action, objects)) ?? [];
    const reduced = new RolePolicy(role, rest);
    const denied = calls.filter(
      (one) => withoutHash(one.role) === role && !reduced.allows(one.call),
    );
    expect(new Set(denied.map(({ call }) => call.action))).toEqual(new Set([action]));
  });
});

/** An action with the objects that it is granted for. */
function nameOf([, action, objects]: (typeof granted)[number]): string {
  return `${action} ${objects}`.trim();
}

function isGrant({ action, resource }: Grant, wanted: string, objects: string): boolean {
  return action === wanted && resource.endsWith(objects);
}

function isUse({ role, call }: Judged, of: string, action: string, objects: string): boolean {
  const isOf = withoutHash(role) === of && call.action === action;
  return isOf && call.resource.includes(objects.replace('*', ''));
}

/** As a person runs it: lists and images are files. One run is cancelled before it has begun. */
async function crawlToFiles(urls: readonly string[], folder: string) {
  const stack = await run(await troubled(folder), folder, (line) => notices.push(line));
  try {
    const list = join(folder, 'list.txt');
    await writeFile(list, urls.join('\n'));
    await stack.sendPoison();
    const ofNoRun = aTask('w0-g1-0', ['https://a.test/0.png'], { runId: 'nobody', group: 'g1' });
    await stack.defer(encodeTask(ofNoRun), 1);
    await stack.begin('whole', pathToFileURL(list).href);
    await stack.begin('cancelled', pathToFileURL(list).href, { cancelled: true });
    const ends = { whole: await stack.end('whole'), cancelled: await stack.end('cancelled') };
    await stack.wake('whole');
    await waitUntil('a look for the lanes of a run', async () => {
      return calls.some((one) => isUse(one, 'SeederSeedRole', 'dynamodb:Query', ''));
    });
    return ends;
  } finally {
    await stack.close();
  }
}

/** As it is deployed: lists and images are objects. */
async function crawlToBucket(urls: readonly string[], folder: string): Promise<RunProgress> {
  const inBucket = ['Seeder', 'Worker'].reduce(
    (stack, prefix) => withVariable(stack, prefix, 'STORAGE', 's3'),
    assembly,
  );
  await mkdir(folder, { recursive: true });
  const slow = await withWrapped(inBucket, 'Finisher', folder, shortOfTime);
  const stack = await run(slow, folder, (line) => notices.push(line));
  try {
    const { settings } = aRun();
    const list = await stack.putList('in-bucket', urls);
    const imageWork = imageSettings.parse({ thumbnails: 64 });
    await stack.begin('in-bucket', list, {
      settings: { ...settings, pages: PAGES, imageWork },
    });
    await endOfDropped(stack, 'today.txt', urls);
    const ended = await stack.end('in-bucket');
    // Its workers read the record of the run that they know the images from.
    await endOfDropped(stack, 'tomorrow.txt', urls);
    await finishBoth(stack);
    return ended;
  } finally {
    await stack.close();
  }
}

async function endOfDropped(stack: RunningStack, name: string, urls: readonly string[]) {
  const dropped = await stack.runOfDropped(await stack.drop(name, urls.join('\n')));
  await stack.end(dropped.runId);
}

/** A run with an orphan and a table of an earlier time, and one that nobody finished for an hour. */
async function finishBoth(stack: RunningStack): Promise<void> {
  await stack.leaveOrphan('in-bucket');
  await stack.put(`${tablePrefix('in-bucket')}part-00009-000.parquet`, 'old');
  const { finish } = await stack.finish('in-bucket');
  expect(finish?.sums).toMatchObject({ images: 10, rewritten: 1, tables: 1 });
  const { grouping } = (await stack.archive.read('in-bucket')) ?? {};
  const startedMs = Date.now() - 3_600_000;
  await stack.archive.create({
    ...aRun({ runId: 'old' }),
    grouping,
    seeding: 'finished',
    startedMs,
  });
  await stack.watch();
  await waitUntil('the end of the old run', async () => {
    return (await stack.archive.read('old'))?.finish?.sums !== undefined;
  });
}

/** The stack with a worker that dies of an image, a seeder that hands over, and fewer deaths. */
async function troubled(folder: string) {
  const fewDeaths = edited(assembly, (_, resource) => {
    const { RedrivePolicy } = resource.Properties;
    if (typeof RedrivePolicy !== 'object') return resource;
    const policy = { ...RedrivePolicy, maxReceiveCount: 2 };
    return { ...resource, Properties: { ...resource.Properties, RedrivePolicy: policy } };
  });
  await mkdir(folder, { recursive: true });
  const mortal = await withWrapped(fewDeaths, 'Worker', folder, dyingOfKiller);
  return withWrapped(mortal, 'Seeder', folder, shortOfTime);
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { findRun } from '../../cli/deployment/find-run.ts';
import { startEmulators } from '../../local/emulators/emulators.ts';
import { runAssembly } from '../../local/local-stack.ts';
import type { Assembly } from '../../local/template/template.ts';
import { aRun } from '../cli/records.ts';
import { freshFolder } from '../fresh-folder.ts';
import { edited, readStack, withWrapped } from '../local/permissions/edited-stack.ts';
import { RunningStack } from '../local/permissions/running-stack.ts';
import { FailingServices } from './failing-services.ts';
import { type PictureSite, startPictureSite } from './picture-site.ts';
import { waitUntil } from './wait-until.ts';

const HOSTS = 3;
const PER_HOST = 2;
/** Workers that are killed, each with all the tasks of its batch. */
const DEATHS = 2;
const RUN = 'run';
const SETTINGS = { ...aRun().settings, perHost: PER_HOST, timeoutMs: 1000, attempts: 6 };

/** Time limit of a worker in seconds, and for how long a message is its own. */
const LIMIT_S = 15;
const HIDDEN_S = 15;

/** A worker that never looks at the clock: its limit comes as a surprise. */
const heedless = (module: string) => `
import { handler as real } from ${JSON.stringify(module)};
export const handler = (event, context) =>
  real(event, { ...context, getRemainingTimeInMillis: () => 60_000 });
`;

/** A worker with luck: none of its waits, which are drawn, is longer than a twentieth of the longest. */
const lucky = (module: string) => `
const random = Math.random;
Math.random = () => random() / 20;
export const handler = (await import(${JSON.stringify(module)})).handler;
`;

test('workers that are killed at their time limit lose nothing', async () => {
  const folder = await freshFolder();
  const site = await startPictureSite({ pictures: 90, hosts: HOSTS, slowMs: 300 });
  const urls = benchUrls(site.origins, 90);
  const short = withTimes(await readStack(), 2, 12);
  const deaths: string[] = [];
  const stack = await runAssembly(await withWrapped(short, 'Worker', folder, heedless), {
    dataDir: join(folder, 'data'),
    allowPrivate: true,
    workers: 3,
    onNotice: (line) => {
      if (!line.includes('timed out after 2 s')) return;
      deaths.push(line);
      // The site is quick again before a target looks like one that kills its workers.
      if (deaths.length === DEATHS) site.slowMs = 0;
    },
  });
  const running = await started(stack, folder, urls);

  const crawl = await watched(running, site);

  expect(deaths.length).toBeGreaterThanOrEqual(DEATHS);
  expect(await verdictOf(running, site, urls, crawl)).toEqual(ALL_WELL(90));
});

test('services that throttle and fail in the middle of a crawl lose nothing', async () => {
  const folder = await freshFolder();
  const site = await startPictureSite({ pictures: 240, hosts: HOSTS, slowMs: 20 });
  const urls = benchUrls(site.origins, 240);
  const { url, close } = await startEmulators(join(folder, 'services'));
  const services = new FailingServices({ sqs: url, dynamodb: url });
  await services.listen();
  onTestFinished(async () => {
    await services.close();
    await close();
  });
  const short = withTimes(await readStack(), LIMIT_S, HIDDEN_S);
  const stack = await runAssembly(await withWrapped(short, 'Worker', folder, lucky), {
    dataDir: join(folder, 'data'),
    allowPrivate: true,
    workers: 3,
    onNotice: () => {},
    endpoint: services.url,
  });
  const direct = { sqs: url, s3: url, dynamodb: url };
  const endpoints = { ...stack.endpoints, ...direct };
  // The seeder and whoever polls meet this one, until they give up for a while.
  services.fail('sqs', 8);
  const running = await started({ ...stack, endpoints }, folder, urls);
  const outages = async () => {
    await waitUntil('a third', () => site.asked.length >= 80);
    // Far more than the tries of a call: tasks break, and come back.
    services.fail('dynamodb', 24);
    await waitUntil('two thirds', () => site.asked.length >= 160);
    // Fewer than a call is tried: a task that could not be given back would only be waited for.
    services.fail('sqs', 2);
  };

  const [crawl] = await Promise.all([watched(running, site), outages()]);

  await waitUntil('the last outage to be over', () => !services.isFailing);
  expect(Object.keys(services.failures).toSorted()).toEqual([
    'dynamodb InternalServerError',
    'dynamodb ProvisionedThroughputExceededException',
    'dynamodb ThrottlingException',
    'dynamodb lost',
    'sqs InternalServerError',
    'sqs RequestThrottled',
  ]);
  expect(await verdictOf(running, site, urls, crawl)).toEqual(ALL_WELL(240));
});

/** What the results, the sums and the site's own log say of a run in which nothing went wrong. */
const ALL_WELL = (seeded: number) => ({
  seeded,
  settled: seeded,
  succeeded: seeded,
  targets: seeded,
  state: 'done',
  results: seeded,
  unexpected: [],
  lost: [],
  neverAsked: [],
  askedAgain: [],
  tooManyAtOnce: 0,
});

interface Watched {
  /** Asked for though they were settled. */
  readonly askedAgain: readonly string[];
}

/** Waits for the end of the run, and looks all the while for requests of what is settled. */
async function watched({ archive }: RunningStack, site: PictureSite): Promise<Watched> {
  const settledBefore = new Map<string, number>();
  await waitUntil(
    'the end of the run',
    async () => {
      const run = await archive.read(RUN);
      const ended = run !== undefined && (await archive.progress(run)).ended;
      for (const url of await settledNow(archive)) {
        if (!settledBefore.has(url)) settledBefore.set(url, site.asked.length);
      }
      return ended;
    },
    50_000,
  );
  const askedAgain = site.asked.filter((url, at) => at >= (settledBefore.get(url) ?? Infinity));
  return { askedAgain };
}

async function settledNow(archive: RunningStack['archive']): Promise<readonly string[]> {
  const urls: string[] = [];
  for await (const { url } of archive.results(await findRun(archive, RUN))) urls.push(url);
  return urls;
}

async function verdictOf(
  { archive }: RunningStack,
  site: PictureSite,
  urls: readonly string[],
  { askedAgain }: Watched,
) {
  const run = await archive.read(RUN);
  if (run === undefined) throw new Error('expected a run');
  const { succeeded, targets, state } = await archive.progress(run);
  const results = await settledNow(archive);
  const settled = new Set(results);
  const asked = new Set(site.asked);
  return {
    seeded: urls.length,
    settled: settled.size,
    succeeded,
    targets,
    state,
    results: results.length,
    unexpected: results.filter((url) => !urls.includes(url)),
    lost: urls.filter((url) => !settled.has(url)),
    neverAsked: urls.filter((url) => !asked.has(url)),
    askedAgain,
    tooManyAtOnce: Math.max(0, site.maxAtOneHost - PER_HOST),
  };
}

async function started(
  stack: ConstructorParameters<typeof RunningStack>[0],
  folder: string,
  urls: readonly string[],
): Promise<RunningStack> {
  const running = new RunningStack(stack, folder);
  onTestFinished(() => running.close());
  const list = join(folder, 'list.txt');
  await writeFile(list, urls.join('\n'));
  const settings = { ...SETTINGS, imagesFolder: join(folder, 'images') };
  await running.begin(RUN, pathToFileURL(list).href, { settings });
  return running;
}

/** The stack with another time limit of its worker, and the visibility time that goes with it. */
function withTimes(assembly: Assembly, limitS: number, hiddenS: number): Assembly {
  return edited(assembly, (id, { Type, Properties }) => {
    if (Type === 'AWS::Lambda::Function' && id.startsWith('Worker'))
      return { Type, Properties: { ...Properties, Timeout: limitS } };
    if (Type === 'AWS::SQS::Queue' && 'RedrivePolicy' in Properties)
      return {
        Type,
        Properties: {
          ...Properties,
          VisibilityTimeout: hiddenS,
          RedrivePolicy: patient(Properties['RedrivePolicy']),
        },
      };
    return { Type, Properties };
  });
}

/** A machine with much else to do may kill more workers than are meant to die. */
function patient(redrive: unknown): object {
  return { ...(typeof redrive === 'object' ? redrive : {}), maxReceiveCount: 50 };
}

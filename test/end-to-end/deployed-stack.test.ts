import { hash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { picturePath } from '../../bench/picture-path.ts';
import { type DemoSite, serveDemoSite } from '../../cli/demo/demo-site.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import type { Assembly } from '../../local/template/template.ts';
import { readEvents, untilState } from '../cli/watch/read-events.ts';
import { readTar } from '../datasets/read-tar.ts';
import { readStack, withVariable, withWrapped } from '../local/permissions/edited-stack.ts';
import { type RunningStack, run } from '../local/permissions/running-stack.ts';
import { type Ended, freshHome, type Running } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { documentedPolicy, PERSON, withPerson } from './person.ts';
import { startPictureSite } from './picture-site.ts';
import { parseResults, parseStatuses, parseSummary, readResults, tally } from './run-output.ts';
import { answerDocuments, chainOfPages } from './site-of-pages.ts';
import { describeStacksOf } from './stack-description.ts';
import { waitUntil } from './wait-until.ts';

const NAME = 'Deployed';
/** Pages of a site that is cancelled: at 300 ms each more than are asked before it is noticed. */
const CHAIN = 30;

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
async function deploy(
  place: string,
  without?: string,
  edit: (stack: Assembly) => Promise<Assembly> = async (stack) => stack,
) {
  const inBucket = ['Seeder', 'Worker'].reduce(
    (one, prefix) => withVariable(one, prefix, 'STORAGE', 's3'),
    await readStack(),
  );
  const running = await run(withPerson(await edit(inBucket), without), place);
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

/** The module of a worker whose hook throws, as a person's own may do. */
function withThrowingHook(module: string): string {
  const hooks = `${module}.hooks.mjs`;
  const code = "export function onImage() {\n  throw new Error('my bug');\n}\n";
  return [
    "import { writeFileSync } from 'node:fs';",
    `writeFileSync(${JSON.stringify(hooks)}, ${JSON.stringify(code)});`,
    `process.env.HOOKS_MODULE = ${JSON.stringify(hooks)};`,
    `export const { handler } = await import(${JSON.stringify(module)});`,
  ].join('\n');
}

interface Cloud {
  readonly running: RunningStack;
  readonly cloud: { readonly url: string };
}

/** The command as a person types it, with the credentials of a key, to its end. */
async function typed(...command: Parameters<typeof started>): Promise<Ended> {
  return (await started(...command)).ended;
}

async function started(
  words: readonly string[],
  { running, cloud }: Cloud = { running: stack, cloud: described },
  key = PERSON,
): Promise<Running> {
  const { sqs, dynamodb, s3, lambda } = running.stack.endpoints;
  const home = await freshHome();
  await writeFile(home.path('list.txt'), [...site.tutorial, ...site.trouble].join('\n'));
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: key,
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL_SQS: sqs,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_S3: s3,
    AWS_ENDPOINT_URL_LAMBDA: lambda,
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloud.url,
  };
  return home.start([...words, '--stack', NAME], { environment });
}

const summary = z.object({ runId: z.string(), succeeded: z.number(), failed: z.number() });

describe('with the permissions that are documented, on a deployed stack', () => {
  let runId: string;
  let siteRun: string;
  let siteOut: string;

  it('a list is run to its end', async () => {
    const ended = await typed(['run', 'list.txt', '--json']);
    expectExit(ended, 0);
    const told = summary.parse(JSON.parse(ended.stdout));
    expect(told).toMatchObject({ succeeded: 15, failed: 3 });
    ({ runId } = told);
  });

  it('its images are in the bucket', async () => {
    const listed = await typed(['results', runId, '--status', 'succeeded']);
    expectExit(listed, 0);
    const bucket = `s3://${stack.stack.outputs.BucketName}/images/`;
    const files = listed.stdout
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
    expectExit(ended, code);
  });

  it('a site is run to its end, and what is linked elsewhere is left alone', async () => {
    const pages = await startPictureSite({
      pictures: 3,
      hosts: 2,
      answer: (path, response) => documents(path, response),
    });
    const [home = '', elsewhere = ''] = pages.origins;
    const documents = answerDocuments({
      '/': `<img src="${picturePath(0)}"><a href="/far.html"><a href="${elsewhere}/other.html">`,
      '/far.html': `<img src="${picturePath(1)}"><img src="${elsewhere}${picturePath(2)}">`,
      '/other.html': '<p>of another host</p>',
    });

    const ended = await typed(['run', '--pages', `${home}/`, '--no-sitemaps', '--json']);

    expectExit(ended, 0);
    const told = parseSummary(ended);
    expect(told).toMatchObject({ succeeded: 5, documents: 2, failed: 0 });
    expect(pages.asked.toSorted()).toEqual(
      [
        `${home}/`,
        `${home}/far.html`,
        `${home}${picturePath(0)}`,
        `${home}${picturePath(1)}`,
        `${elsewhere}${picturePath(2)}`,
      ].toSorted(),
    );
    siteRun = told.runId;
    siteOut = ended.stdout + ended.stderr;
  });

  it('its images are in the bucket, as its table says', async () => {
    const listed = await typed(['results', siteRun, '--format', 'csv']);
    expectExit(listed, 0);
    const [header = '', ...lines] = listed.stdout.trim().split('\n');
    expect(header).toMatch(/^url,status,/);
    expect(lines).toHaveLength(6);
    const files = lines.flatMap((line) => /s3:\/\/[^,]+/.exec(line) ?? []);
    const bucket = `s3://${stack.stack.outputs.BucketName}/images/`;
    expect(files.filter((file) => file.startsWith(bucket))).toHaveLength(3);
    const kept = await Promise.all(files.map((file) => stack.sizeOf(file)));
    expect(kept.every((bytes) => bytes > 0)).toBe(true);
  });

  it('nothing of it is on this machine before it is fetched', async () => {
    expect(siteOut).not.toContain('results.jsonl');
    const out = join(folder, 'fetched');
    const ended = await typed(['fetch', siteRun, '--out', out]);
    expectExit(ended, 0);
    const results = await readResults(join(out, 'results.jsonl'));
    const images = results.filter(({ sha256 }) => sha256 !== undefined);
    for (const { file = '', offset = 0, length = 0, sha256 } of images) {
      const bytes = await readFile(join(out, file));
      expect(hash('sha256', bytes.subarray(offset, offset + length))).toBe(sha256);
    }
    expect(images).toHaveLength(3);
  });

  it('its data set is a folder of this machine', async () => {
    const out = join(folder, 'data-set');
    const words = ['--format', 'webdataset', '--out', out];
    expectExit(await typed(['export', siteRun, ...words]), 0);
    const members = await readTar(join(out, '00000.tar'));
    const images = members.filter(({ name }) => !name.endsWith('.json'));
    expect(images).toHaveLength(3);
    for (const { bytes, name } of images) {
      const told = members.find((member) => member.name === name.replace(/\w+$/, 'json'));
      expect(told?.bytes.toString()).toContain(hash('sha256', bytes));
    }
  });

  it('its shards are published', async () => {
    const ended = await typed(['finish', siteRun]);
    expectExit(ended, 0);
    const [manifest = '', tables] = ended.stdout.split('\n');
    const bucket = `s3://${stack.stack.outputs.BucketName}`;
    expect(manifest).toMatch(/^3 images in \d shards? \(/);
    expect(manifest).toContain(`: ${bucket}/images/${siteRun}/manifest.json`);
    expect(tables).toBe(`1 table of results: ${bucket}/results/run=${siteRun}/`);
    expect(
      await stack.sizeOf(`${bucket}/results/run=${siteRun}/part-00000-000.parquet`),
    ).toBeGreaterThan(0);
  });

  it('its report is a page of this machine', async () => {
    const out = join(folder, 'report');
    const ended = await typed(['report', siteRun, '--out', out]);
    expectExit(ended, 0);
    const page = await readFile(join(out, 'report.html'), 'utf8');
    expect(page).toContain(siteRun);
    expect(page).toContain('</b>pages');
  });

  it('it is watched with pictures of the bucket, which the page never sees', async () => {
    const watching = await started(['watch', siteRun]);
    await waitUntil('its address', () => watching.printed().includes('http://'), 50_000);
    const [url = ''] = /http:\/\/\S+/.exec(watching.printed()) ?? [];
    const events = readEvents(url);
    const shown = await untilState(events, ({ pictures }) => pictures.length === 3);
    expect(shown).toMatchObject({
      runId: siteRun,
      state: 'done',
      errors: [],
      errorsNote: 'from the table',
    });
    for (const { id } of shown.pictures) {
      const answer = await fetch(new URL(`/picture/${id}`, url));
      expect(hash('sha256', new Uint8Array(await answer.arrayBuffer()))).toBe(id);
    }
    expect(JSON.stringify(shown)).not.toContain('s3:');
    watching.kill('SIGINT');
    const watched = await watching.ended;
    expectExit(watched, 0);
    expect(watched.stderr).toBe('');
  });

  it('a cancelled run of a site is resumed, and nothing settled is requested again', async () => {
    const answer = answerDocuments(chainOfPages(CHAIN));
    const pages = await startPictureSite({ pictures: CHAIN, slowMs: 300, answer });
    const run = await started(['run', '--pages', `${pages.origins}/`, '--no-sitemaps']);
    await waitUntil('some requests', () => pages.asked.length >= 6);
    const [newest] = parseStatuses(await typed(['status', '--json']));
    const id = newest?.runId ?? 'none';
    expectExit(await typed(['cancel', id]), 0);
    expect((await run.ended).stdout).toContain(`crawl -- resume ${id} --stack ${NAME}`);
    const before = parseResults((await typed(['results', id, '--status', 'succeeded'])).stdout);
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(2 * CHAIN);
    const asked = pages.asked.length;
    pages.slowMs = 0;

    const ended = await typed(['resume', id, '--json']);

    expectExit(ended, 0);
    expect(parseSummary(ended)).toMatchObject({
      targets: 2 * CHAIN,
      succeeded: 2 * CHAIN,
      documents: CHAIN,
    });
    const later = new Set(pages.asked.slice(asked));
    expect(before.filter(({ url }) => later.has(url))).toEqual([]);
    const results = parseResults((await typed(['results', id])).stdout);
    expect(tally(results)).toEqual({ succeeded: 2 * CHAIN });
  });

  it('all runs are stopped at once, and go on where they were', async () => {
    const answer = answerDocuments(chainOfPages(CHAIN));
    const pages = await startPictureSite({ pictures: CHAIN, slowMs: 300, answer });
    const run = await started(['run', '--pages', `${pages.origins}/`, '--no-sitemaps', '--json']);
    await waitUntil('some requests', () => pages.asked.length >= 6);

    expectExit(await typed(['stop']), 0);

    let [asked, sinceMs] = [0, performance.now()];
    await waitUntil('two seconds without a request', () => {
      if (pages.asked.length !== asked) sinceMs = performance.now();
      asked = pages.asked.length;
      return performance.now() - sinceMs > 2000;
    });
    expect(asked).toBeLessThan(2 * CHAIN);
    const refused = await typed(['run', 'list.txt']);
    expectExit(refused, 1);
    expect(refused.stderr).toContain(`is stopped. Let it go on with: `);
    expect((await typed(['status'])).stdout).toContain(`start --stack ${NAME}`);
    pages.slowMs = 0;
    const again = await typed(['start']);
    expectExit(again, 0);
    expect(again.stdout).toBe(`stack ${NAME} works again: 1 run in progress\n`);

    expectExit(await run.ended, 0);
    expect(parseSummary(await run.ended)).toMatchObject({ succeeded: 2 * CHAIN, skipped: 0 });
    expect(new Set(pages.asked).size).toBe(pages.asked.length);
  });

  it('a run is deleted with its images, and those of other runs stay', async () => {
    const filesOf = async (id: string) => {
      const results = parseResults((await typed(['results', id, '--status', 'succeeded'])).stdout);
      return results.flatMap(({ file }) => file ?? []);
    };
    const [others, own] = [await filesOf(siteRun), await filesOf(runId)];

    const deleted = await typed(['delete', runId, '--yes']);

    expectExit(deleted, 0);
    const shards = new Set(own).size;
    expect(deleted.stdout).toContain(`deleted 1 run and 0 images and ${shards} shard`);
    const left = parseStatuses(await typed(['status', '--json']));
    expect(left.map((run) => run.runId)).not.toContain(runId);
    for (const file of others) expect(await stack.sizeOf(file)).toBeGreaterThan(0);
    await expect(stack.sizeOf(own[0] ?? '')).rejects.toThrow();
  });

  it('nothing is granted that is not needed', () => {
    const granted = documentedPolicy().Statement.flatMap(({ Action }) => Action);
    const unused = granted.filter((action) => !used.has(action));
    expect(unused).toEqual([]);
  });
});

describe('a hook that throws in a deployed stack', () => {
  it('is shown with file and line to whoever follows the run or asks for its status', async () => {
    const cloud = await deploy(join(folder, 'with-hook'), undefined, (stack) =>
      withWrapped(stack, 'Worker', folder, withThrowingHook),
    );

    const following = await started(['run', 'list.txt'], cloud);
    const told = /^error in worker: Error: my bug \(.*hooks\.mjs.*:2\)$/m;
    await waitUntil('the error', () => told.test(following.printed()), 20_000);
    following.kill('SIGINT');
    const { stdout } = await following.ended;
    expect(stdout).toContain('The stack continues with it.');
    const [, runId = ''] = /^run (\S+):/m.exec(following.printed()) ?? [];
    const status = await typed(['status', runId], cloud);
    await Promise.all([cloud.running.close(), cloud.cloud.close()]);
    expect(status.stdout).toMatch(
      /^ {2}error {6}worker: Error: my bug \(.*:2\), \d+ times?, last /m,
    );
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
    const ended = await typed(['run', 'list.txt'], cloud);
    await Promise.all([cloud.running.close(), cloud.cloud.close()]);
    expectExit(ended, 1);
    expect(ended.stderr).toMatch(line);
    expect(ended.stderr.match(/AWS denies/g)).toHaveLength(1);
  });

  it('is named for the stack itself', async () => {
    const ended = await typed(['status'], undefined, 'stranger');
    expectExit(ended, 1);
    expect(ended.stderr.trim()).toMatch(
      /^crawl: AWS denies cloudformation:DescribeStacks on arn:\S+stack\/Deployed\/\* to \S+ \(no .*\)$/,
    );
  });

  it('is no stack that is not there', async () => {
    const home = await freshHome();
    const environment = {
      AWS_REGION: 'us-east-1',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_ACCESS_KEY_ID: LOCAL_IDENTITY.credentials.accessKeyId,
      AWS_ENDPOINT_URL_CLOUDFORMATION: described.url,
    };
    const { ended } = home.start(['status', '--stack', 'Other'], { environment });
    expectExit(await ended, 2);
    expect((await ended).stderr).toContain('no stack Other in this account and region');
  });
});

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../../bench/listen-on-loopback.ts';
import { METRICS, NAMESPACE } from '../../contract/metrics.ts';
import { RUN_DEFAULTS } from '../../contract/run-defaults.ts';
import { encodeTask } from '../../contract/task-message.ts';
import { waitUntil } from '../end-to-end/wait-until.ts';
import { synthesised } from '../infra/synthesised.ts';
import { seriesOf, widgetsOf } from '../infra/watched-series.ts';
import { readStack, withVariable } from '../local/permissions/edited-stack.ts';
import { run } from '../local/permissions/running-stack.ts';
import { aTask } from '../worker/records.ts';
import { type EmfLine, type Emitted, emittedBy, readLog } from './emf-lines.ts';
import { EMF_SCHEMA } from './emf-schema.ts';

const SECRET = 's3cr3t';
/** Pictures enough that their times do not fit into one line. */
const PICTURES = 120;
/** Runs of one more picture, that stays as it is. */
const RUNS_OF_SAME = ['first', 'again'];

const stack = synthesised();
let text = '';
let metrics: readonly EmfLine[];
let others: ReturnType<typeof readLog>['others'];
let emitted: readonly Emitted[];
let folder: string;
let site: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crawler-telemetry-'));
  site = createServer();
  await crawl(await serveTroubles(site));
  const logs = join(folder, 'data', 'logs');
  const texts = (await readdir(logs)).map((name) => readFile(join(logs, name), 'utf8'));
  text = (await Promise.all(texts)).join('');
  ({ metrics, others } = readLog(text));
  emitted = metrics.flatMap(emittedBy);
}, 60_000);

afterAll(async () => {
  site.closeAllConnections();
  site.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** Pictures, and one of each trouble that is measured. Gives the origin. */
async function serveTroubles(server: Server): Promise<string> {
  const picture = await readFile('cli/demo/pictures/0.jpg');
  const asked = new Set<string>();
  server.on('request', ({ url = '', headers }, response) => {
    const isFirst = !asked.has(url);
    asked.add(url);
    if (url === '/robots.txt') return response.end('User-agent: *\nDisallow: /private/');
    if (url.startsWith('/gone')) return response.writeHead(404).end();
    if (url === '/flaky.jpg' && isFirst) return response.writeHead(500).end();
    if (url === '/busy.jpg' && isFirst)
      return response.writeHead(429, { 'retry-after': '9' }).end();
    const etag = '"1"';
    if (headers['if-none-match'] === etag) return response.writeHead(304, { etag }).end();
    response.writeHead(200, { 'content-type': 'image/jpeg', etag }).end(picture);
  });
  return listenOnLoopback(server, '127.0.0.1');
}

/** A whole run beside a poison message and a deferred task of no run; ends when all of it is in the logs. */
async function crawl(origin: string): Promise<void> {
  const inBucket = withVariable(await readStack(), 'Seeder', 'STORAGE', 's3');
  const running = await run(withVariable(inBucket, 'Worker', 'DEBUG_SAMPLE_RATE', '1'), folder);
  const log = (name: string) => readFile(join(folder, 'data', 'logs', `${name}.log`), 'utf8');
  const pictures = Array.from({ length: PICTURES }, (_, at) => `/${at}.jpg?key=${SECRET}`);
  const troubles = [`/gone.jpg?key=${SECRET}`, '/flaky.jpg', '/busy.jpg', '/private/a.jpg'];
  const paths = [...pictures, ...troubles];
  const list = await running.putList(
    'watched',
    paths.map((path) => `${origin}${path}`),
  );
  try {
    await running.sendPoison();
    // In a group of its own: it breaks, and no other task waits for it.
    const ofNoRun = aTask('w0-g1-0', [`${origin}/0.jpg`], { group: 'g1' });
    await running.defer(encodeTask(ofNoRun), 1);
    await running.begin('watched', list);
    await running.end('watched');
    for (const runId of RUNS_OF_SAME) {
      const imagesFolder = join(folder, 'same');
      const settings = { ...RUN_DEFAULTS, ignoreRobots: true, imagesFolder };
      await running.begin(runId, await running.putList(runId, [`${origin}/same.jpg`]), {
        settings,
      });
      await running.end(runId);
    }
    await running.finish('watched');
    await waitUntil('what was given up is told', async () => {
      const [worker, dead] = await Promise.all([
        log('WorkerCrawlFunction'),
        log('DeadLetterDismantleFunction'),
      ]);
      // A worker prints its sums at its end: it looks for more tasks when the run is over.
      const isAllTold =
        settledIn(worker) === paths.length + RUNS_OF_SAME.length &&
        worker.includes('"End":"broken"');
      return isAllTold && dead.includes('"DeadLetters"');
    });
  } finally {
    await running.close();
  }
}

/** Targets that the whole lines of a log count, by the series of their statuses. */
function settledIn(log: string): number {
  const { metrics: lines } = readLog(log.slice(0, log.lastIndexOf('\n') + 1));
  const series = lines.flatMap(emittedBy).filter(({ name, dimensions }) => {
    return name === 'TargetsSettled' && 'Status' in dimensions;
  });
  return sum(series);
}

describe('the dashboard and the alarms', () => {
  const own = seriesOf(stack).filter(({ namespace }) => namespace === NAMESPACE);

  it.each(own)('name no series that nobody writes: $by, $name $dimensions', (wanted) => {
    const found = emitted.filter((one) => isOf(one, wanted));
    expect(found).not.toEqual([]);
    expect(sum(found)).toBeGreaterThan(0);
  });

  it('ask the log for nothing that is not in it', () => {
    const queries = widgetsOf(stack).filter(({ type }) => type === 'log');
    expect(queries).toHaveLength(1);
    for (const { properties } of queries) {
      const query = properties.query.replace(/SOURCE '[^']*' \| /g, '');
      const [filter = '', stats = ''] = query.split('\n');
      const inStats = [...stats.matchAll(/\((\w+)\)| by (\w+)/g)].map(([, a, b]) => a ?? b ?? '');
      const wanted = [/ispresent\((\w+)\)/.exec(filter)?.[1] ?? '', ...inStats];
      expect(wanted).toEqual(['EstimatedCost', 'EstimatedCost', 'BytesKept', 'runId']);
      expect(metrics.some((line) => wanted.every((name) => name in line))).toBe(true);
    }
  });

  it('leave out nothing that the functions write', () => {
    expect(new Set(own.map(({ name }) => name))).toEqual(new Set(Object.keys(METRICS)));
  });
});

function isOf(one: Emitted, { name, dimensions }: Omit<Emitted, 'values' | 'namespace'>): boolean {
  const wanted = Object.entries(dimensions);
  const isSame = wanted.every(([key, value]) => {
    const given = one.dimensions[key];
    return given !== undefined && (value === '*' || value === given);
  });
  return one.name === name && isSame && wanted.length === Object.keys(one.dimensions).length;
}

function sum(of: readonly Emitted[]): number {
  return of.flatMap(({ values }) => values).reduce((total, value) => total + value, 0);
}

const named = (name: string, dimensions: Readonly<Record<string, string>> = {}) =>
  emitted.filter((one) =>
    isOf(one, { name, dimensions: { service: 'ImageCrawler', ...dimensions } }),
  );

describe('the metrics of a run', () => {
  it('are in the embedded metric format', () => {
    const isEmf = new Ajv({ allErrors: true }).compile(EMF_SCHEMA);
    for (const line of metrics) {
      expect(isEmf(line), `${JSON.stringify(line)}: ${JSON.stringify(isEmf.errors)}`).toBe(true);
    }
  });

  it('are those of the table, with its units', () => {
    for (const { _aws } of metrics) {
      const units = _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics);
      const known = Object.entries(METRICS).map(([Name, { unit: Unit }]) => ({ Name, Unit }));
      for (const unit of units) expect(known).toContainEqual(unit);
    }
  });

  it('add up to what became of it', () => {
    expect(sum(named('TargetsSettled', { Status: 'succeeded' }))).toBe(PICTURES + 4);
    expect(sum(named('TargetsSettled', { Status: 'failed' }))).toBe(1);
    expect(sum(named('TargetsSettled', { Reason: 'not-found' }))).toBe(1);
    expect(sum(named('TargetsSettled', { Status: 'skipped' }))).toBe(1);
    expect(sum(named('RobotsRefusals'))).toBe(1);
    expect(named('FetchTime').flatMap(({ values }) => values)).toHaveLength(PICTURES + 5);
  });

  it('are few lines, however many targets there are', () => {
    const settled = metrics.filter((line) => 'TargetsSettled' in line || 'FetchTime' in line);
    expect(settled.length).toBeLessThan(20);
  });
});

describe('the log of a run', () => {
  it('names run and task in each line that is about one, or those of its invocation', () => {
    const about = others.filter(({ messageId }) => messageId === undefined);
    expect(about.length).toBeGreaterThan(PICTURES);
    for (const { message, runId, runIds, taskId, taskIds } of about) {
      if (String(message).startsWith('Setting log level')) continue;
      expect(runId ?? runIds, String(message)).toBeDefined();
      const isOfRunAlone = /^(?:seeding|finishing)/.test(String(message));
      if (!isOfRunAlone) expect(taskId ?? taskIds, String(message)).toBeDefined();
    }
  });

  it('has the request in each line', () => {
    const lines = others.filter(({ message }) => !String(message).startsWith('Setting log level'));
    for (const { requestId } of lines) expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells each target where it is sampled, and no secret of its URL', () => {
    const settled = others.filter(({ message }) => message === 'settled');
    expect(settled).toHaveLength(PICTURES + 6);
    expect(settled).toContainEqual(
      expect.objectContaining({
        url: expect.stringMatching(/\/gone\.jpg\?…$/),
        reason: 'not-found',
      }),
    );
    expect(text).not.toContain(SECRET);
  });

  it('says what broke, with its trace', () => {
    const [broken] = others.filter(({ message }) => message === 'task broke');
    expect(broken).toMatchObject({
      level: 'ERROR',
      taskId: 'w0-g1-0',
      error: {
        name: 'UnknownRunError',
        stack: expect.stringContaining('core/worker/run-watch.ts'),
      },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { QUEUE_LIMITS } from '../../contract/limits.ts';
import { encodeTask } from '../../contract/task-message.ts';
import { MAX_URL_LENGTH } from '../../core/model/canonical-url.ts';
import { encodeColumns } from '../../core/model/given-columns.ts';
import type { PageSettings } from '../../core/model/run.ts';
import { FIRST_CHECKPOINT } from '../../core/model/run.ts';
import type { Task } from '../../core/model/task.ts';
import { pageSettings } from '../page-settings.ts';
import { aList } from '../simulation/scripted-source.ts';
import { RUN_ID, SETTINGS, urlsOf } from '../worker/records.ts';
import { SeedWorld } from './seed-world.ts';

const URLS = urlsOf('a.example', 10);
const urlsIn = (tasks: readonly Task[]) =>
  tasks.flatMap(({ targets }) => targets.map(({ url }) => url));
const idsOf = (tasks: readonly Task[]) => tasks.map(({ taskId }) => taskId);

describe('seeding', () => {
  it('puts every URL of a list into a task and says that it is finished', async () => {
    const world = new SeedWorld({ 'a.txt': URLS });
    expect(await world.seed()).toEqual({ kind: 'finished' });
    expect(urlsIn(world.seeded())).toEqual(URLS);
    expect(await world.run()).toMatchObject({
      seeding: 'finished',
      checkpoint: { tasks: 1, targets: 10 },
    });
  });

  it('takes several lists, one after the other', async () => {
    const world = new SeedWorld({ 'a.txt': URLS.slice(0, 3), 'b.txt': URLS.slice(3) });
    await world.seed();
    expect(urlsIn(world.seeded())).toEqual(URLS);
    expect(await world.checkpoint()).toMatchObject({ list: 2, window: 2, targets: 10 });
  });

  it('finishes with an empty list, and with none', async () => {
    const empty = new SeedWorld({ 'a.txt': [] });
    expect(await empty.seed()).toEqual({ kind: 'finished' });
    expect(await new SeedWorld({}).seed()).toEqual({ kind: 'finished' });
    expect(empty.seeded()).toEqual([]);
  });

  it('keeps the URLs of a host in one group, and hosts apart', async () => {
    const world = new SeedWorld({ 'a.txt': [...URLS, ...urlsOf('b.example', 5)] });
    await world.seed();
    const tasks = world.seeded();
    expect(tasks.map(({ targets }) => targets.length)).toEqual([10, 5]);
    expect(new Set(tasks.map(({ group }) => group)).size).toBe(2);
  });

  it('gives a host as many groups as its owner asked for', async () => {
    const world = new SeedWorld(
      { 'a.txt': urlsOf('a.example', 90) },
      { grouping: { groups: 4096, hostShards: { 'a.example': 3 } } },
    );
    await world.seed();
    expect(new Set(world.seeded().map(({ group }) => group)).size).toBe(3);
  });

  it('fills tasks up to 98 targets', async () => {
    const world = new SeedWorld({ 'a.txt': urlsOf('a.example', 200) }, {}, { windowSize: 1000 });
    await world.seed();
    expect(world.seeded().map(({ targets }) => targets.length)).toEqual([98, 98, 4]);
  });

  it('puts a URL into a task once, in whatever spelling it comes', async () => {
    const world = new SeedWorld({
      'a.txt': ['https://a.example/x', 'HTTPS://A.example:443/x#y', 'https://a.example/%78'],
    });
    await world.seed();
    expect(urlsIn(world.seeded())).toEqual(['https://a.example/x']);
    expect(await world.checkpoint()).toMatchObject({ targets: 1, badLines: 0 });
  });

  it('keeps a URL as the list has it, the first of its spellings', async () => {
    const lines = ['HTTPS://A.example/%7ex?#y', 'https://a.example/~x', 'https://a.example/z'];
    const world = new SeedWorld({ 'a.txt': lines });
    await world.seed();
    expect(world.seeded().flatMap(({ targets }) => targets)).toEqual([
      { url: 'https://a.example/~x', foundAs: 'HTTPS://A.example/%7ex?#y' },
      { url: 'https://a.example/z' },
    ]);
  });

  it('gives a URL the columns of its first row, and asks again with those it had', async () => {
    const url = 'https://a.example/1';
    const again = 'https://a.example/2';
    const columnsJson = encodeColumns({ TEXT: 'a dog' });
    const world = new SeedWorld({
      'a.csv': [
        { text: url, columns: { TEXT: 'a cat', n: 7n } },
        { text: url, columns: { TEXT: 'another' } },
        { text: again, find: { columnsJson } },
      ],
    });
    await world.seed();
    expect(world.seeded().flatMap(({ targets }) => targets)).toEqual([
      { url, columnsJson: '{"columns":{"TEXT":"a cat","n":7}}' },
      { url: again, columnsJson },
    ]);
  });

  it('packs fewer URLs into a task where their columns take room', async () => {
    const rows = Array.from({ length: 98 }, (_, at) => {
      return { text: `https://a.example/${at}`, columns: { TEXT: 'x'.repeat(10_000) } };
    });
    const world = new SeedWorld({ 'a.csv': rows });
    await world.seed();
    const sizes = world.seeded().map((task) => Buffer.byteLength(encodeTask(task)));
    expect(urlsIn(world.seeded()).length).toBe(98);
    expect(sizes.length).toBeGreaterThan(98 / 6);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(QUEUE_LIMITS.taskBytes);
  });

  it('keeps of a line that is hardly a URL for its length what is requested', async () => {
    const url = 'https://a.example/%7ex';
    const world = new SeedWorld({ 'a.txt': [`${url}#${'y'.repeat(MAX_URL_LENGTH)}`] });
    await world.seed();
    expect(world.seeded()[0]?.targets).toEqual([{ url: 'https://a.example/~x', foundAs: url }]);
  });

  it('counts bad lines and shows the first ones with the name of their list and their number', async () => {
    const world = new SeedWorld({
      'a.txt': ['https://a.example/x', 'not a url', { problem: 'longer than 65536 bytes' }],
      'b.txt': ['ftp://a.example/x'],
    });
    await world.seed();
    const { badLines, badSamples } = await world.checkpoint();
    expect(badLines).toBe(3);
    expect(badSamples).toEqual([
      'a.txt:2: not a URL: not a url',
      'a.txt:3: longer than 65536 bytes',
      'b.txt:1: not http or https: ftp://a.example/x',
    ]);
  });

  it('counts all bad lines, and shows twenty', async () => {
    const world = new SeedWorld(
      { 'a.txt': Array.from({ length: 50 }, () => 'nonsense') },
      {},
      { windowSize: 5 },
    );
    await world.seed();
    const { badLines, badSamples } = await world.checkpoint();
    expect([badLines, badSamples.length]).toEqual([50, 20]);
  });

  it.each([
    [4, 4],
    [10, 10],
    [99, 10],
  ])('stops at the ceiling of %i URLs', async (maxUrls, targets) => {
    const lists = { 'a.txt': URLS.slice(0, 5), 'b.txt': URLS.slice(5) };
    const world = new SeedWorld(lists, { settings: { ...SETTINGS, maxUrls } }, { windowSize: 3 });
    expect(await world.seed()).toEqual({ kind: 'finished' });
    expect(urlsIn(world.seeded())).toEqual(URLS.slice(0, targets));
    expect((await world.checkpoint()).targets).toBe(targets);
  });

  it('does not count the ceiling against a list that tries again', async () => {
    const lists = [{ ...aList('a.txt'), round: 1 }];
    const world = new SeedWorld(
      { 'a.txt': URLS },
      { lists, settings: { ...SETTINGS, maxUrls: 2 } },
    );
    await world.seed();
    const [task] = world.seeded();
    expect(task).toMatchObject({ round: 1 });
    expect(task?.targets).toHaveLength(10);
  });

  it('throws when its list is gone, and for a run that nobody knows', async () => {
    const gone = new SeedWorld({}, { lists: [aList('a.txt')] });
    await expect(gone.seed()).rejects.toThrow('a.txt is gone');
    const unknown = new SeedWorld({}, { runId: 'another' });
    await expect(unknown.seed()).rejects.toThrow(`no run ${RUN_ID}`);
  });
});

describe('windows', () => {
  it('close after so many URLs, and their list is opened once', async () => {
    const world = new SeedWorld({ 'a.txt': URLS }, {}, { windowSize: 3 });
    await world.seed();
    expect(world.source.entries).toEqual([{ line: 0, byte: 0 }]);
    expect(idsOf(world.seeded())).toEqual(
      [0, 1, 2, 3].map((window) => expect.stringMatching(`^w${window}-g\\d+-\\d-0$`)),
    );
  });

  it('go on at the byte where the last one ended when another seeder begins', async () => {
    const world = new SeedWorld({ 'a.txt': URLS }, {}, { windowSize: 3 });
    const ends: unknown[] = [];
    // Ten seconds for each window: the third one is not begun.
    world.slow = 10_000;
    for (let life = 0; life < 2; life += 1) ends.push(await world.seed(39_000));
    expect(ends).toEqual([{ kind: 'hand-over' }, { kind: 'finished' }]);
    expect(world.source.entries).toEqual([0, 6].map((line) => ({ line, byte: line * 10 })));
    expect(urlsIn(world.seeded())).toEqual(URLS);
  });

  it('are as long as when the run began, whatever a stack that is deployed again says', async () => {
    const [whole, changed] = [3, 3].map(
      (windowSize) => new SeedWorld({ 'a.txt': URLS }, {}, { windowSize }),
    );
    await whole?.seed();
    if (changed !== undefined) changed.slow = 10_000;
    await changed?.seed(39_000);
    changed?.deploy({ windowSize: 7 });
    await changed?.seed();
    expect(idsOf(changed?.seeded() ?? [])).toEqual(idsOf(whole?.seeded() ?? []));
    expect(idsOf(whole?.seeded() ?? [])).toHaveLength(4);
  });

  it('close after ten lines for each of their URLs, however few are new', async () => {
    const [first = ''] = URLS;
    const lines = Array.from({ length: 65 }, (_, at) => (at % 2 === 0 ? first : 'nonsense'));
    const world = new SeedWorld({ 'a.txt': lines }, {}, { windowSize: 3 });
    await world.seed();
    expect(await world.checkpoint()).toMatchObject({ window: 3, targets: 3, badLines: 32 });
  });

  it('never end within a line that holds several URLs', async () => {
    const texts = URLS.map((text, at) => ({ text, goesOn: at % 4 < 3 || undefined }));
    const world = new SeedWorld({ 'a.txt': texts }, {}, { windowSize: 3 });
    await world.seed();
    expect(urlsIn(world.seeded())).toEqual(URLS);
    expect(await world.checkpoint()).toMatchObject({ window: 3, targets: 10 });
  });

  it('that end with their list are followed by the next list', async () => {
    const world = new SeedWorld(
      { 'a.txt': URLS.slice(0, 4), 'b.txt': URLS.slice(4) },
      {},
      { windowSize: 4 },
    );
    await world.seed();
    expect(urlsIn(world.seeded())).toEqual(URLS);
    expect(await world.checkpoint()).toMatchObject({ list: 2, targets: 10, tasks: 3 });
  });

  it('repeat a URL of an earlier one: the workers find it settled', async () => {
    const [first = ''] = URLS;
    const world = new SeedWorld({ 'a.txt': [...URLS.slice(0, 3), first] }, {}, { windowSize: 3 });
    await world.seed();
    expect(urlsIn(world.seeded())).toEqual([...URLS.slice(0, 3), first]);
    expect((await world.checkpoint()).targets).toBe(4);
  });
});

describe('a seeder that dies', () => {
  const deaths = Array.from({ length: 24 }, (_, at) => at + 1).flatMap((atCall) => [
    { atCall, when: 'before' as const },
    { atCall, when: 'after' as const },
  ]);

  it.each(deaths)(
    'at call $atCall, $when it, is followed by one that makes the same tasks',
    async (death) => {
      const whole = new SeedWorld({ 'a.txt': URLS }, {}, { windowSize: 3 });
      await whole.seed();
      const world = new SeedWorld({ 'a.txt': URLS }, {}, { windowSize: 3 });
      await world.seed(undefined, death);
      expect(await world.seed()).toEqual({ kind: 'finished' });
      expect(idsOf(world.seeded())).toEqual(idsOf(whole.seeded()));
      const { movedMs: _, ...checkpoint } = await whole.checkpoint();
      expect(await world.run()).toMatchObject({ ...(await whole.run()), checkpoint });
    },
  );

  it('and is woken when the queue has forgotten its tasks sends again what is not done', async () => {
    const lists = { 'a.txt': [...URLS.slice(0, 3), ...urlsOf('b.example', 3)] };
    const world = new SeedWorld(lists, {}, { windowSize: 6 });
    await world.seed();
    const [done, open] = world.takeAll();
    if (done === undefined || open === undefined) throw new Error('two tasks were expected');
    await world.end(done);
    await world.clock.advance(600_000);
    await world.seed(undefined, undefined, true);
    expect(idsOf(world.takeAll())).toEqual([open.taskId]);
    expect(await world.checkpoint()).toMatchObject({ tasks: 2, targets: 6 });
  });

  it('slowly turns nothing back that its successor has done', async () => {
    const world = new SeedWorld({ 'a.txt': URLS }, {}, { windowSize: 3 });
    const stale = await world.run();
    await world.seed();
    const after = await world.run();
    await world.ledger.runs.checkpoint(stale, { ...stale.checkpoint, window: 1, line: 3 }, false);
    await world.ledger.runs.checkpoint(stale, stale.checkpoint, true);
    expect(await world.run()).toEqual(after);
  });
});

describe('a seeder whose time is nearly over', () => {
  it('hands over where it is', async () => {
    const world = new SeedWorld({ 'a.txt': URLS });
    expect(await world.seed(19_999)).toEqual({ kind: 'hand-over' });
    expect(world.seeded()).toEqual([]);
    expect(await world.seed()).toEqual({ kind: 'finished' });
    expect(urlsIn(world.seeded())).toEqual(URLS);
  });

  it('gives up a window that would outlive it, and hands over', async () => {
    const urls = urlsOf('a.example', 7000);
    const world = new SeedWorld({ 'a.txt': urls }, {}, { windowSize: 3000 });
    world.source.slowMs = 10;
    const beganMs = world.clock.now();
    expect(await world.seed(45_000)).toEqual({ kind: 'hand-over' });
    expect(world.clock.now() - beganMs).toBeLessThan(32_000);
    expect((await world.checkpoint()).window).toBe(1);
    for (let life = 0; life < 2; life += 1) await world.seed(60_000);
    expect(await world.checkpoint()).toMatchObject({ list: 1, targets: 7000 });
    expect(urlsIn(world.seeded())).toHaveLength(7000);
  });

  it('fails where it could not finish a window in all its time', async () => {
    const world = new SeedWorld({ 'a.txt': urlsOf('a.example', 9000) }, {}, { windowSize: 9000 });
    world.source.slowMs = 10;
    await expect(world.seed(60_000)).rejects.toThrow('lower windowSize or split the list');
  });
});

describe('the queue', () => {
  const groups = { grouping: { groups: 1, hostShards: {} } };

  it('is given the first task of each lane of a group, however many there are', async () => {
    const world = new SeedWorld({ 'a.txt': urlsOf('a.example', 980) }, groups, {
      windowSize: 1000,
    });
    await world.seed();
    expect(world.seeded()).toHaveLength(10);
    expect(idsOf(world.takeAll())).toEqual(['w0-g0-0-0', 'w0-g0-1-0']);
  });

  it('is given no task of a further window while a lane has an open one', async () => {
    const world = new SeedWorld({ 'a.txt': urlsOf('a.example', 1960) }, groups, {
      windowSize: 980,
    });
    await world.seed();
    expect(world.seeded()).toHaveLength(20);
    expect(idsOf(world.takeAll())).toEqual(['w0-g0-0-0', 'w0-g0-1-0']);
  });

  it('is given the first task of a window in each lane that is done', async () => {
    const world = new SeedWorld({ 'a.txt': urlsOf('a.example', 9) }, groups, { windowSize: 3 });
    world.slow = 1000;
    const job = world.seed();
    void world.clock.sleep(1500).then(async () => {
      for (const task of world.takeAll()) await world.end(task);
    });
    await job;
    expect(idsOf(world.takeAll())).toEqual(['w1-g0-1-0', 'w2-g0-0-0']);
  });

  it('is given the first open task of each lane again when a run is woken', async () => {
    const world = new SeedWorld({ 'a.txt': urlsOf('a.example', 9) }, groups, { windowSize: 3 });
    await world.seed();
    const [first] = world.takeAll();
    if (first !== undefined) await world.end(first);
    await world.clock.advance(600_000);
    expect(await world.seed()).toEqual({ kind: 'finished' });
    expect(world.takeAll()).toEqual([]);
    expect(await world.seed(undefined, undefined, true)).toEqual({ kind: 'finished' });
    expect(idsOf(world.takeAll()).toSorted()).toEqual(['w1-g0-1-0', 'w2-g0-0-0']);
  });
});

describe('the size of a window', () => {
  it('is that of the first one for the whole run, whatever it is set to later', async () => {
    const world = new SeedWorld({ 'a.txt': URLS }, { windowSize: 3 }, { windowSize: 7 });
    await world.seed();
    expect(await world.checkpoint()).toMatchObject({ window: 4, targets: 10 });
  });

  it('that a run with windows does not have tells that it is of another version', async () => {
    const checkpoint = { ...FIRST_CHECKPOINT, window: 2, line: 6, byte: 60 };
    const world = new SeedWorld({ 'a.txt': URLS }, { checkpoint });
    await expect(world.seed()).rejects.toThrow('was begun by an older version');
  });
});

describe('a cancelled run', () => {
  it('is seeded no further than the window that may have been begun, and its seeding is over', async () => {
    const world = new SeedWorld({ 'a.txt': URLS }, { cancelled: true }, { windowSize: 3 });
    expect(await world.seed()).toEqual({ kind: 'cancelled' });
    expect(urlsIn(world.seeded())).toEqual(URLS.slice(0, 3));
    expect((await world.run()).seeding).toBe('finished');
    expect(await world.seed()).toEqual({ kind: 'finished' });
  });

  it('is seeded no further when the word comes between two windows', async () => {
    const world = new SeedWorld({ 'a.txt': URLS }, {}, { windowSize: 3 });
    world.slow = 10_000;
    void world.clock.sleep(15_000).then(async () => {
      world.ledger.runs.put({ ...(await world.run()), cancelled: true });
    });
    expect(await world.seed()).toEqual({ kind: 'cancelled' });
    expect((await world.checkpoint()).targets).toBeLessThanOrEqual(6);
  });
});

describe('a list of pages', () => {
  const pages = pageSettings({ depth: 3, maxPages: 4, sitemaps: true });
  const seeded = async (change: Partial<PageSettings> = {}) => {
    const run = { settings: { ...SETTINGS, pages: { ...pages, ...change } } };
    const world = new SeedWorld({ 'a.txt': URLS }, run);
    await world.seed();
    return { world, tasks: world.seeded() };
  };

  it('makes targets that are pages, up to the ceiling of pages', async () => {
    const { tasks } = await seeded();
    const targets = tasks.flatMap((task) => task.targets);
    expect(targets).toHaveLength(4);
    for (const target of targets) expect(target).toMatchObject({ kind: 'page', depth: 0 });
  });

  it('marks them, and counts them for the ceilings', async () => {
    const { world, tasks } = await seeded({ maxPages: 100 });
    const urls = tasks.flatMap(({ group, targets }) => targets.map(({ url }) => ({ url, group })));
    expect((await world.ledger.frontier.known(RUN_ID, urls)).size).toBe(urls.length);
    expect(await world.ledger.frontier.reserve(RUN_ID, {})).toMatchObject({ pages: urls.length });
  });

  it('keeps what is known of a target that is asked again', async () => {
    const foundAs = 'https://a.example/s.css?';
    const find = { kind: 'style', depth: 2, foundOn: 'https://a.example/', foundAs } as const;
    const line = { text: 'https://a.example/s.css', find };
    const world = new SeedWorld({ 'a.txt': [line] }, { settings: { ...SETTINGS, pages } });
    await world.seed();
    expect(world.seeded()[0]?.targets).toEqual([{ url: 'https://a.example/s.css', ...find }]);
  });
});

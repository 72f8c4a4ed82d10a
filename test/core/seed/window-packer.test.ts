import { describe, expect, it } from 'vitest';
import { QUEUE_LIMITS } from '../../../contract/limits.ts';
import { hostGroup } from '../../../core/model/host-group.ts';
import type { Task } from '../../../core/model/task.ts';
import { WindowPacker } from '../../../core/seed/window-packer.ts';
import { settingsSchema } from '../../../infra/settings-schema.ts';
import { seededRandom } from '../../simulation/seeded-random.ts';

const { groups, windowSize } = settingsSchema.parse({});

interface Listed {
  readonly host: string;
  readonly url: string;
}

/** URLs of hosts in an order by chance, as lists have them. */
function listOf(urls: number, hosts: number): readonly Listed[] {
  const random = seededRandom(7);
  return Array.from({ length: urls }, (_, at) => {
    const host = `h${Math.floor(random() * hosts)}.test`;
    return { host, url: `https://${host}/album/${at}/picture.jpg` };
  });
}

/** The tasks of a list, window by window as the seeder makes them. */
function tasksOf(list: readonly Listed[]): readonly Task[] {
  const windows = Math.ceil(list.length / windowSize);
  return Array.from({ length: windows }, (_, window) => {
    const packer = new WindowPacker({ runId: 'run-1', round: 0, window }, QUEUE_LIMITS);
    for (const { host, url } of list.slice(window * windowSize, (window + 1) * windowSize))
      packer.add(hostGroup(url, host, { groups, hostShards: {} }), host, { url });
    return packer.tasks();
  }).flat();
}

function targetsIn(tasks: readonly Task[]): readonly string[] {
  return tasks.flatMap(({ targets }) => targets.map(({ url }) => url));
}

describe('the tasks of a list', () => {
  it('are at least 80 % full where 100,000 URLs are of 30,000 hosts', () => {
    const list = listOf(100_000, 30_000);
    const tasks = tasksOf(list);
    expect(list.length / (tasks.length * QUEUE_LIMITS.taskTargets)).toBeGreaterThanOrEqual(0.8);
    expect(targetsIn(tasks).toSorted()).toEqual(list.map(({ url }) => url).toSorted());
  });

  it('are at most 40 where 1,000 URLs are of 800 hosts', () => {
    expect(tasksOf(listOf(1000, 800)).length).toBeLessThanOrEqual(40);
  });

  it('are the same when they are made again', () => {
    const list = listOf(2000, 100);
    expect(tasksOf(list)).toEqual(tasksOf(list));
  });

  it('hold each host in one group', () => {
    const tasks = tasksOf(listOf(5000, 300));
    const groupsOf = Map.groupBy(
      tasks.flatMap(({ group, targets }) => targets.map(({ url }) => [new URL(url).host, group])),
      ([host]) => host,
    );
    for (const pairs of groupsOf.values())
      expect(new Set(pairs.map(([, group]) => group)).size).toBe(1);
  });
});

describe('the targets of a window', () => {
  const pack = (hosts: readonly (readonly [string, number])[]) => {
    const packer = new WindowPacker({ runId: 'run-1', round: 0, window: 0 }, QUEUE_LIMITS);
    const most = Math.max(...hosts.map(([, count]) => count));
    for (let at = 0; at < most; at += 1)
      for (const [host, count] of hosts)
        if (at < count) packer.add('g0', host, { url: `https://${host}/${at}` });
    return packer.tasks();
  };
  const hostsOf = (tasks: readonly Task[]) => targetsIn(tasks).map((url) => new URL(url).hostname);

  it('come host by host, whatever the order of the list', () => {
    expect(
      hostsOf(
        pack([
          ['a.test', 3],
          ['b.test', 2],
        ]),
      ),
    ).toEqual(['a.test', 'a.test', 'a.test', 'b.test', 'b.test']);
  });

  it('of a host with many let the other hosts of its group have their turn', () => {
    const hosts = hostsOf(
      pack([
        ['giant.test', 5000],
        ['small.test', 1],
      ]),
    );
    expect(hosts.indexOf('small.test')).toBe(24);
    expect(hosts).toHaveLength(5001);
  });
});

import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../../bench/bench-urls.ts';
import { freshHome } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';
import { startPictureSite } from '../picture-site.ts';
import { readResults, tally } from '../run-output.ts';

test('two runs at once in two data directories are both right', async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 60, slowMs: 20, hosts: 2 });
  const urls = benchUrls(site.origins, 60);
  await writeFile(home.path('urls.txt'), `${urls.join('\n')}\n`);
  const run = (name: string) => {
    return home.crawl(
      'run',
      'urls.txt',
      '--out',
      name,
      '--data',
      `data-${name}`,
      '--allow-private',
    );
  };

  const ends = await Promise.all(['a', 'b'].map(run));

  for (const ended of ends) expectExit(ended, 0);
  for (const name of ['a', 'b']) {
    const results = await readResults(home.path(name, 'results.jsonl'));
    expect(tally(results)).toEqual({ succeeded: urls.length });
    expect(results.map(({ url }) => url).toSorted()).toEqual(urls.toSorted());
  }
});

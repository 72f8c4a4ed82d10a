/**
 * `npm run bench -- [--images N] [--rounds N] [--hosts N]`: the whole local path and a plain undici
 * loop over the same pictures, in turn and in one run, so that their ratio holds on a machine whose
 * speed drifts. Every round has new folders, and nothing is deleted before the end: ext4 creates
 * files several times dearer for minutes after many were deleted. With `--site`: see site-bench.ts,
 * with `--again`: see second-bench.ts.
 * With `--real [--urls N] [--hosts N] [--rounds N] [--seed N] [--tls] [--limit S]`: see real-bench.ts;
 * exit code 1 when a URL of the crawl did not end as it should.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printReport, type Round } from './bench-report.ts';
import { benchUrls } from './bench-urls.ts';
import { benchReal } from './real-bench.ts';
import { NODE_OPTIONS, runScript } from './run-script.ts';
import { benchSecond } from './second-bench.ts';
import { benchSite } from './site-bench.ts';
import { startPictureServer } from './start-picture-server.ts';

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    rounds: { type: 'string' },
    hosts: { type: 'string' },
    real: { type: 'boolean', default: false },
    urls: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    tls: { type: 'boolean', default: false },
    limit: { type: 'string', default: '180' },
    site: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    pages: { type: 'string', default: '10000' },
  },
});
if (values.site) {
  await benchSite(Number(values.pages), Number(values.images ?? 50_000));
  process.exit();
}
if (values.again) {
  const isRight = await benchSecond(Number(values.images ?? 20_000), Number(values.rounds ?? 3));
  process.exit(isRight ? 0 : 1);
}
if (values.real) {
  const isRight = await benchReal({
    urls: Number(values.urls),
    hosts: Number(values.hosts ?? (values.tls ? 1000 : 5000)),
    rounds: Number(values.rounds ?? 1),
    seed: Number(values.seed),
    tls: values.tls,
    limitS: Number(values.limit),
  });
  process.exit(isRight ? 0 : 1);
}
const images = Number(values.images ?? 20_000);
const folder = await mkdtemp(join(tmpdir(), 'crawl-bench-'));
const server = await startPictureServer(images);
try {
  const urls = join(folder, 'urls.txt');
  const hosts = server.origins.slice(0, Number(values.hosts ?? 8));
  await writeFile(urls, `${benchUrls(server.origins, images).filter(isOn(hosts)).join('\n')}\n`);
  await crawl(urls, join(folder, 'warm-up')); // synthesis and compiled code are not measured
  const rounds: Round[] = [];
  for (let round = 0; round < Number(values.rounds ?? 3); round += 1) {
    const plain = JSON.parse(
      await runScript([], 'plain-loop.ts', urls, join(folder, `plain-${round}`)),
    );
    rounds.push({ plain, crawl: await crawl(urls, join(folder, `crawl-${round}`)) });
  }
  printReport(rounds, JSON.parse(await runScript([], 'rules-cost.ts')));
} finally {
  server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function crawl(urls: string, base: string) {
  const meter = `${base}.json`;
  const places = ['--data', `${base}-data`, '--out', base];
  const args = ['run', urls, '--allow-private', '--json', ...places];
  const summary = JSON.parse(await runScript(NODE_OPTIONS, 'metered-crawl.ts', meter, ...args));
  return { ...summary, ...JSON.parse(await readFile(meter, 'utf8')) };
}

function isOn(origins: readonly string[]): (url: string) => boolean {
  return (url) => origins.includes(new URL(url).origin);
}

/**
 * `node many-bodies.ts BIG_URL ENDLESS_URL COUNT BYTES`: fetches COUNT bodies at once and one that
 * never ends, hashes each, and prints what came of them with the most memory it ever held.
 */
import { hash } from 'node:crypto';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';

const [big = '', endless = '', count = '', bytes = ''] = process.argv.slice(2);
const fetcher = new UndiciFetcher({ allowPrivate: true });
const request = { timeoutMs: 60_000, perHost: 64, userAgent: 'test/1' };

async function fetchOne(url: string, maxBytes: number): Promise<string> {
  const outcome = await fetcher.fetch({ ...request, url, maxBytes });
  if (outcome.kind !== 'body') return outcome.kind === 'failed' ? outcome.reason : 'no-body';
  hash('sha256', outcome.body);
  const end = outcome.body.byteLength === Number(bytes) ? 'whole' : 'not whole';
  outcome.release();
  return end;
}

const bodies = Array.from({ length: Number(count) }, () => fetchOne(big, Number(bytes)));
const ends = await Promise.all([fetchOne(endless, 50_000_000), ...bodies]);
await fetcher.close();
const maxRssMB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ends, maxRssMB }));

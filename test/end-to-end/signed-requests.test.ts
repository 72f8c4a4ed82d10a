import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { verifySignature } from '../bot-auth/verify-signature.ts';
import { SecuredSites } from '../http/secured-sites.ts';
import { Loopback } from '../http/servers.ts';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { readResults } from './run-output.ts';

const PICTURE = readFileSync('cli/demo/pictures/0.jpg');
const ORIGIN = 'https://bot.test';
const SIGNED = ['signature', 'signature-agent', 'signature-input'];

test('a run signs what it asks over https, and its key is nowhere but in its file', async () => {
  const seen: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    seen.push(request);
    if (request.url === '/moved.jpg') response.writeHead(302, { location: '/1.jpg' }).end();
    else if (request.url?.endsWith('.jpg')) response.end(PICTURE);
    else response.writeHead(404).end();
  };
  const sites = await SecuredSites.open();
  const loopback = new Loopback();
  onTestFinished(async () => {
    await sites.close();
    await loopback.close();
  });
  const secured = await sites.http1(listener, { names: ['localhost'] });
  const clear = await loopback.http(listener);
  const home = await freshHome();
  const https = `https://localhost:${secured.port}`;
  await writeFile(home.path('urls.txt'), `${https}/moved.jpg\n${clear.url}2.jpg\n`);
  await writeFile(home.path('ca.pem'), sites.ca);

  const init = await home.crawl('bot', 'init', '--origin', ORIGIN, '--contact', 'bots@bot.test');
  const flags = ['--bot-key', 'bot/key.json', '--bot-origin', ORIGIN];
  expectExit(init, 0);
  expect(init.stdout).toContain(flags.join(' '));
  const run = ['run', 'urls.txt', '--out', 'out', '--allow-private', ...flags];
  const environment = { NODE_EXTRA_CA_CERTS: home.path('ca.pem') };
  const ended = await home.start(
    [...run, '--header', 'Signature-Agent: "https://other.test"', '--attempts', '1'],
    { environment },
  ).ended;

  expectExit(ended, 0);
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(results.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  const site = home.path('bot', 'site', '.well-known');
  const directory = await readFile(join(site, 'http-message-signatures-directory'), 'utf8');
  const overTls = seen.filter(({ headers }) => headers.host === `localhost:${secured.port}`);
  const paths = overTls.map(({ url }) => url).toSorted();
  expect(paths).toEqual(['/1.jpg', '/moved.jpg', '/robots.txt']);
  for (const { headers } of overTls)
    expect(verifySignature(headers, `localhost:${secured.port}`, directory).agent).toContain(
      ORIGIN,
    );
  const inClear = seen.filter((request) => !overTls.includes(request));
  expect(inClear.map(({ url }) => url).toSorted()).toEqual(['/2.jpg', '/robots.txt']);
  const signed = inClear.flatMap(({ headers }) => SIGNED.filter((name) => name in headers));
  // What a person types for sites without TLS is sent as they typed it.
  expect(new Set(signed)).toEqual(new Set(['signature-agent']));

  const { d } = z
    .object({ d: z.string() })
    .parse(JSON.parse(await readFile(home.path('bot', 'key.json'), 'utf8')));
  const entries = await readdir(home.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== 'key.json');
  expect(files.length).toBeGreaterThan(5);
  for (const { parentPath, name } of files)
    expect(await readFile(join(parentPath, name), 'latin1')).not.toContain(d);
  expect(`${ended.stdout}${ended.stderr}${init.stdout}`).not.toContain(d);
});

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { imageSize } from 'image-size';
import { Agent, type Dispatcher, request } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DemoSite, serveDemoSite } from '../cli/demo/demo-site.ts';

const SLOW_MS = 60;
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  svg: 'image/svg+xml',
};

let site: DemoSite;
let agent: Agent;

beforeEach(async () => {
  site = await serveDemoSite({ slowMs: SLOW_MS });
  agent = new Agent({ connections: 1 });
});

afterEach(async () => {
  await agent.destroy();
  await site.close();
});

async function ask(url: string, method: Dispatcher.HttpMethod = 'GET') {
  const { statusCode, headers, body } = await request(url, { method, dispatcher: agent });
  return { statusCode, headers, bytes: await body.bytes() };
}

type Answer = Awaited<ReturnType<typeof ask>>;

function expectPicture({ statusCode, headers, bytes }: Answer): void {
  expect(statusCode).toBe(200);
  expect(headers['content-length']).toBe(String(bytes.length));
  const { type = 'unknown', width, height } = imageSize(bytes);
  expect(headers['content-type']).toBe(CONTENT_TYPES[type]);
  expect(Math.min(width, height)).toBeGreaterThan(99);
}

describe("the tutorial's ten URLs", () => {
  test('are named as in the tutorial', () => {
    const paths = site.tutorial.map((url) => url.replace(site.origin, ''));
    expect(paths).toEqual(Array.from({ length: 10 }, (_, n) => `/ImageUrl_${n}`));
  });

  test('are ten different pictures of all six formats, each sent under its own content type', async () => {
    const answers = await Promise.all(site.tutorial.map((url) => ask(url)));
    answers.forEach(expectPicture);
    const hashes = answers.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'));
    expect(new Set(hashes).size).toBe(10);
    const types = new Set(answers.map(({ headers }) => headers['content-type']));
    expect(types).toEqual(new Set(Object.values(CONTENT_TYPES)));
  });

  test('come over one connection that is kept', async () => {
    let connections = 0;
    agent.on('connect', () => {
      connections += 1;
    });
    for (const url of site.tutorial) expectPicture(await ask(url));
    expect(connections).toBe(1);
  });
});

describe('the URLs with trouble', () => {
  test('name eight kinds, and the fine picture in two more spellings', () => {
    const paths = site.trouble.map((url) => new URL(url)).map(({ pathname }) => pathname);
    expect(site.trouble).toHaveLength(10);
    expect(new Set(site.trouble).size).toBe(10);
    expect(new Set(paths).size).toBe(8);
    expect(paths.filter((path) => path === '/fine.jpg')).toHaveLength(3);
    expect(new Set(site.trouble.map((url) => new URL(url).origin))).toEqual(new Set([site.origin]));
  });

  test('fine.jpg is a picture', async () => expectPicture(await ask(`${site.origin}/fine.jpg`)));

  test('missing.jpg is not there', async () => {
    expect((await ask(`${site.origin}/missing.jpg`)).statusCode).toBe(404);
  });

  test('recovers.png fails once and is a picture from then on', async () => {
    const url = `${site.origin}/recovers.png`;
    expect((await ask(url)).statusCode).toBe(500);
    expectPicture(await ask(url));
    expectPicture(await ask(url));
  });

  test('busy.avif asks once for a second of patience', async () => {
    const url = `${site.origin}/busy.avif`;
    expect(await ask(url)).toMatchObject({ statusCode: 429, headers: { 'retry-after': '1' } });
    expectPicture(await ask(url));
  });

  test('a HEAD does not use up the failure that a GET would meet', async () => {
    const url = `${site.origin}/recovers.png`;
    expect((await ask(url, 'HEAD')).statusCode).toBe(500);
    expect((await ask(url)).statusCode).toBe(500);
  });

  test('another site fails again', async () => {
    await ask(`${site.origin}/recovers.png`);
    const other = await serveDemoSite();
    expect((await ask(`${other.origin}/recovers.png`)).statusCode).toBe(500);
    await other.close();
  });

  test('slow.webp begins its answer late', async () => {
    const started = performance.now();
    const answer = await ask(`${site.origin}/slow.webp`);
    // A timer of Node may fire up to a millisecond early.
    expect(performance.now() - started).toBeGreaterThanOrEqual(SLOW_MS - 1);
    expectPicture(answer);
  });

  test('moved.gif leads to a picture elsewhere', async () => {
    const { statusCode, headers } = await ask(`${site.origin}/moved.gif`);
    expect(statusCode).toBe(302);
    expectPicture(await ask(new URL(String(headers['location']), site.origin).href));
  });

  test('a-page.jpg is a page', async () => {
    const { statusCode, headers, bytes } = await ask(`${site.origin}/a-page.jpg`);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(() => imageSize(bytes)).toThrow();
  });

  test('cut.jpg breaks off before the length that it announced', async () => {
    const { statusCode, headers, body } = await request(`${site.origin}/cut.jpg`, {
      dispatcher: agent,
    });
    expect(statusCode).toBe(200);
    let received = 0;
    const reading = async () => {
      for await (const chunk of body) received += chunk.length;
    };
    await expect(reading()).rejects.toThrow();
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(Number(headers['content-length']));
  });
});

describe('the rest of the site', () => {
  test('robots.txt allows everything', async () => {
    const { bytes } = await ask(`${site.origin}/robots.txt`);
    expect(Buffer.from(bytes).toString()).toBe('User-agent: *\nAllow: /\n');
  });

  test('a HEAD tells of a picture what a GET does, without its bytes', async () => {
    const url = `${site.origin}/ImageUrl_0`;
    const [head, full] = [await ask(url, 'HEAD'), await ask(url)];
    expect(head.statusCode).toBe(200);
    expect(head.bytes).toHaveLength(0);
    for (const name of ['content-type', 'content-length'])
      expect(head.headers[name]).toBe(full.headers[name]);
  });

  test.each(['POST', 'PUT', 'DELETE'] as const)('%s is not allowed', async (method) => {
    const { statusCode, headers } = await ask(`${site.origin}/fine.jpg`, method);
    expect(statusCode).toBe(405);
    expect(headers['allow']).toBe('GET, HEAD');
  });

  test.each(['/', '/nothing.jpg', '/constructor', '/../etc/passwd'])(
    '%s is not there',
    async (path) => {
      expect((await ask(`${site.origin}${path}`)).statusCode).toBe(404);
    },
  );

  test('closes at once although a slow answer is under way', async () => {
    const patient = await serveDemoSite({ slowMs: 3_600_000 });
    // The server's "100 Continue" tells that it has the request.
    const asking = get(`${patient.origin}/slow.webp`, { headers: { Expect: '100-continue' } });
    await once(asking, 'continue');
    const brokenOff = once(asking, 'error');
    await patient.close();
    expect(await brokenOff).toMatchObject([{ code: 'ECONNRESET' }]);
  });
});

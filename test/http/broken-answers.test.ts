import { afterEach, describe, expect, it } from 'vitest';
import { Loopback } from './servers.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n';
const CLOSING = `${HEAD}Connection: close\r\n`;

let loopback = new Loopback();
afterEach(async () => {
  await loopback.close();
  loopback = new Loopback();
});

/** What a server writes before it hangs up, and what that comes to. */
const CUT = [
  ['nothing', '', 'connection-lost'],
  ['half a status line', 'HTTP/1.1 20', 'connection-lost'],
  ['half a header', `${HEAD}Content-Le`, 'connection-lost'],
  ['less than its Content-Length', `${HEAD}Content-Length: 100\r\n\r\nshort`, 'truncated'],
  ['no byte of its Content-Length', `${HEAD}Content-Length: 100\r\n\r\n`, 'truncated'],
  ['less than announced, not kept alive', `${CLOSING}Content-Length: 9\r\n\r\nshort`, 'truncated'],
  [
    'half a chunk, not kept alive',
    `${CLOSING}Transfer-Encoding: chunked\r\n\r\n9\r\nx`,
    'truncated',
  ],
  ['half a chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\n64\r\nshort`, 'truncated'],
  ['no last chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n`, 'truncated'],
] as const;

const NOT_HTTP = [
  ['garbage', 'SSH-2.0-OpenSSH_9.9\r\n'],
  ['bytes of TLS', '\u0015\u0003\u0001\u0000\u0002\u0002\u0046'],
  ['a length that is no number', `${HEAD}Content-Length: x\r\n\r\n`],
  ['a chunk size that is no number', `${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
  ['endless headers', `${HEAD}${`X-Long: ${'x'.repeat(1000)}\r\n`.repeat(256)}\r\n`],
] as const;

describe('an answer that ends too soon', () => {
  it.each(CUT)('after %s', async (_, text, reason) => {
    const site = await loopback.raw((socket) => void socket.end(text));
    expect(await loopback.fetch(site.url)).toMatchObject({ kind: 'failed', reason });
  });

  it('by a reset before it began is a lost connection', async () => {
    const site = await loopback.raw((socket) => void socket.resetAndDestroy());
    const outcome = await loopback.fetch(site.url);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'connection-lost' });
  });

  it('says what it was until then', async () => {
    const site = await loopback.raw((socket) => {
      socket.end(`${HEAD}Content-Length: 100\r\n\r\nshort`);
    });
    const outcome = await loopback.fetch(site.url);
    expect(outcome).toMatchObject({ httpStatus: 200, contentType: 'image/png' });
  });

  it('changes nothing when its status says it all', async () => {
    const site = await loopback.raw((socket) => {
      socket.end('HTTP/1.1 404 No\r\nContent-Length: 100\r\n\r\nshort');
    });
    expect(await loopback.fetch(site.url)).toMatchObject({ kind: 'no-body', httpStatus: 404 });
  });
});

describe('an answer that is not HTTP', () => {
  it.each(NOT_HTTP)('%s', async (_, text) => {
    const site = await loopback.raw((socket) => void socket.write(text, 'latin1'));
    const outcome = await loopback.fetch(site.url);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'protocol-error' });
  });
});

describe('no answer', () => {
  it('where nobody listens is a failed connection', async () => {
    const gone = new Loopback();
    const site = await gone.http(() => {});
    await gone.close();
    const outcome = await loopback.fetch(site.url);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'connection-failed' });
  });

  it('for a name that does not exist is a failed name', async () => {
    // RFC 6761, section 6.4: this name never resolves.
    const outcome = await loopback.fetch('http://nowhere.invalid/');
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'dns-failed' });
  });

  it('in TLS from a server without it is a failed handshake', async () => {
    const site = await loopback.http((_, response) => void response.end());
    const outcome = await loopback.fetch(`https://127.0.0.1:${site.port}/`);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'tls-failed' });
  });
});

describe('an answer that is too large', () => {
  it('is not begun when its length says so', async () => {
    const site = await loopback.raw((socket) => {
      socket.write(`${HEAD}Content-Length: 1001\r\n\r\n`);
    });
    expect(await loopback.fetch(site.url, { maxBytes: 1000 })).toMatchObject({
      kind: 'failed',
      reason: 'too-large',
      httpStatus: 200,
      detail: '1001 bytes, allowed are 1000',
    });
  });

  it('may be just as long as allowed', async () => {
    const site = await loopback.http((_, response) => void response.end('x'.repeat(1000)));
    expect(await loopback.fetch(site.url, { maxBytes: 1000 })).toMatchObject({ kind: 'body' });
  });

  it('is stopped when it does not end', async () => {
    let sent = 0;
    const site = await loopback.http((_, response) => {
      const block = Buffer.alloc(64 * 1024);
      const more = () => {
        while (!response.destroyed && response.write(block)) sent += block.length;
      };
      response.on('drain', more);
      more();
    });
    const outcome = await loopback.fetch(site.url, { maxBytes: 1_000_000 });
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'too-large' });
    expect(sent).toBeLessThan(100_000_000);
  });
});

describe('an answer that takes too long', () => {
  it.each([
    ['nothing comes', ''],
    ['its head does not end', `${HEAD}X-Slow: `],
    ['its body does not end', `${HEAD}Content-Length: 100000\r\n\r\n`],
  ])('is over at its limit when %s but drops', async (_, text) => {
    let drips = 0;
    const site = await loopback.raw((socket) => {
      socket.write(text);
      const drip = setInterval(() => {
        drips += 1;
        if (text !== '') socket.write('x');
      }, 10);
      socket.on('close', () => clearInterval(drip));
    });
    const outcome = await loopback.fetch(site.url, { timeoutMs: 150 });
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
    // Fifteen of them; a busy machine holds up the drips as much as the limit.
    expect(drips).toBeLessThan(200);
  });

  it('leaves the way free for the next', async () => {
    let requests = 0;
    const site = await loopback.http((_, response) => {
      requests += 1;
      if (requests > 1) response.end('fast');
    });
    const slow = await loopback.fetch(site.url, { timeoutMs: 100 });
    expect(slow).toMatchObject({ reason: 'timeout' });
    expect(await loopback.fetch(site.url)).toMatchObject({ kind: 'body' });
  });

  it('counts the wait for a free connection', async () => {
    const site = await loopback.http(() => {});
    const both = [
      loopback.fetch(site.url, { timeoutMs: 100 }),
      loopback.fetch(site.url, { timeoutMs: 100 }),
    ];
    for (const outcome of await Promise.all(both))
      expect(outcome).toMatchObject({ reason: 'timeout' });
  });
});

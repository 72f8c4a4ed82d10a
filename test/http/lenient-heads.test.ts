import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Loopback } from './servers.ts';

const PICTURE = 'a picture, 20 bytes!';
const TYPE = 'Content-Type: image/png\r\n';
const OK = `HTTP/1.1 200 OK\r\n${TYPE}`;
const LENGTH = `Content-Length: ${PICTURE.length}\r\n`;

let loopback = new Loopback();
afterEach(async () => {
  await loopback.close();
  loopback = new Loopback();
});

/** Answers that curl or browsers read; each brings the picture. */
const READ = [
  ['bare line feeds', `HTTP/1.1 200 OK\nContent-Length: ${PICTURE.length}\n\n${PICTURE}`],
  ['a length twice', `${OK}${LENGTH}${LENGTH}\r\n${PICTURE}`],
  ['a length and chunks', `${OK}Content-Length: 1\r\n${chunked()}`],
  [
    'chunks and a length',
    `${OK}Transfer-Encoding: chunked\r\nContent-Length: 999\r\n\r\n${chunks()}`,
  ],
  ['a space before a colon', `${OK}Content-Length : ${PICTURE.length}\r\n\r\n${PICTURE}`],
  ['a warning of a script', `${OK}${LENGTH}Warning: x in\r\n/a b.php on line 3\r\n\r\n${PICTURE}`],
  ['an empty length, closed', `${OK}Content-Length: \r\nConnection: close\r\n\r\n${PICTURE}`],
  ['a folded field', `${OK}X-Long: a\r\n b\r\n${LENGTH}\r\n${PICTURE}`],
  ['HTTP/1.0, closed', `HTTP/1.0 200 OK\r\n${TYPE}\r\n${PICTURE}`],
  ['empty lines before', `\r\n\r\n${OK}${LENGTH}\r\n${PICTURE}`],
  ['two interim answers', `${interim(102)}${interim(103)}${OK}${LENGTH}\r\n${PICTURE}`],
  ['an interim answer with LF', `HTTP/1.1 103 Hints\nA: b\n\n${OK}${LENGTH}\r\n${PICTURE}`],
  [
    'a head of 100 kB',
    `${OK}${`Set-Cookie: a=${'x'.repeat(984)}\r\n`.repeat(100)}${LENGTH}\r\n${PICTURE}`,
  ],
  [
    '206 with all of it',
    `HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-19/20\r\n${LENGTH}\r\n${PICTURE}`,
  ],
  ['206 without a range', `HTTP/1.1 206 Partial\r\n${LENGTH}\r\n${PICTURE}`],
  ['201', `HTTP/1.1 201 Created\r\n${LENGTH}\r\n${PICTURE}`],
] as const;

const REFUSED = [
  [
    'two lengths that differ',
    `${OK}${LENGTH}Content-Length: 5\r\n\r\n${PICTURE}`,
    'protocol-error',
  ],
  ['a length with a sign', `${OK}Content-Length: +20\r\n\r\n${PICTURE}`, 'protocol-error'],
  ['a NUL in the head', `${OK}${LENGTH}X: a\0b\r\n\r\n${PICTURE}`, 'protocol-error'],
  ['no head (HTTP/0.9)', PICTURE, 'protocol-error'],
  ['a head of 200 kB', `${OK}${`X: ${'x'.repeat(995)}\r\n`.repeat(200)}\r\n`, 'protocol-error'],
  [
    '206 with a part',
    `HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-19/40\r\n${LENGTH}\r\n${PICTURE}`,
    'truncated',
  ],
  [
    '206 that begins later',
    `HTTP/1.1 206 Partial\r\nContent-Range: bytes 20-39/40\r\n${LENGTH}\r\n${PICTURE}`,
    'truncated',
  ],
  [
    '206 of unknown length',
    `HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-19/*\r\n${LENGTH}\r\n${PICTURE}`,
    'truncated',
  ],
  [
    '206 in several parts',
    `HTTP/1.1 206 Partial\r\nContent-Type: multipart/byteranges; boundary=x\r\n${LENGTH}\r\n${PICTURE}`,
    'truncated',
  ],
  [
    '206 with less than it says',
    `HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-29/30\r\n${LENGTH}\r\n${PICTURE}`,
    'truncated',
  ],
  [
    'chunks without a last one beside a length',
    `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n`,
    'truncated',
  ],
  ['less than a length that is there twice', `${OK}${LENGTH}${LENGTH}\r\nshort`, 'truncated'],
] as const;

function chunks(): string {
  return `${PICTURE.length.toString(16)}\r\n${PICTURE}\r\n0\r\n\r\n`;
}

function chunked(): string {
  return `Transfer-Encoding: chunked\r\n\r\n${chunks()}`;
}

function interim(status: number): string {
  return `HTTP/1.1 ${status} Wait\r\nLink: </a.css>\r\n\r\n`;
}

/** Written octet by octet: each piece of a head comes alone. */
function drip(socket: Socket, text: string, at = 0): void {
  if (at >= text.length) socket.end();
  else
    socket.write(text.slice(at, at + 1), 'latin1', () => setImmediate(drip, socket, text, at + 1));
}

async function textOf(answer: (socket: Socket) => void): Promise<string> {
  const site = await loopback.raw(answer);
  const outcome = await loopback.fetch(site.url);
  return outcome.kind === 'body' ? Buffer.from(outcome.body).toString('latin1') : `${outcome.kind}`;
}

describe('an answer that is not exact is read', () => {
  it.each(READ)('%s', async (_, text) => {
    expect(await textOf((socket) => void socket.end(text, 'latin1'))).toBe(PICTURE);
  });

  it.each(READ.slice(0, 12))('in pieces: %s', async (_, text) => {
    const answer = (socket: Socket) => {
      socket.setNoDelay(true);
      drip(socket, text);
    };
    expect(await textOf(answer)).toBe(PICTURE);
  });
});

describe('an answer that is in doubt is refused', () => {
  it.each(REFUSED)('%s', async (_, text, reason) => {
    const site = await loopback.raw((socket) => void socket.end(text, 'latin1'));
    expect(await loopback.fetch(site.url)).toMatchObject({ kind: 'failed', reason });
  });
});

describe('a kept connection', () => {
  it('is used again after heads that were normalised', async () => {
    const site = await loopback.raw((socket) => {
      const answer = () =>
        void socket.write(`HTTP/1.1 200 OK\nContent-Length : 20\n\n${PICTURE}\n`);
      socket.on('data', answer);
      answer();
    });
    for (let request = 0; request < 3; request += 1)
      expect(await loopback.fetch(site.url)).toMatchObject({ kind: 'body', httpStatus: 200 });
    expect(site.connections()).toBe(1);
  });

  it('ends where its length was in doubt', async () => {
    const site = await loopback.raw((socket) => void socket.write(`${OK}${LENGTH}${chunked()}`));
    expect(await loopback.fetch(site.url)).toMatchObject({ kind: 'body' });
    expect(await loopback.fetch(site.url)).toMatchObject({ kind: 'body' });
    expect(site.connections()).toBe(2);
  });
});

describe('a header that is there twice', () => {
  it.each([
    ['equal addresses are one', 'Location: /a,b\r\nLocation: /a,b\r\n', '/a,b'],
    ['different addresses are not followed', 'Location: /a\r\nLocation: /b\r\n', undefined],
  ])('%s', async (_, lines, location) => {
    const text = `HTTP/1.1 302 Found\r\n${lines}Content-Length: 0\r\n\r\n`;
    const site = await loopback.raw((socket) => void socket.end(text));
    const outcome = await loopback.fetch(site.url);
    expect(outcome).toMatchObject({ kind: 'no-body', httpStatus: 302 });
    expect('headers' in outcome && outcome.headers['location']).toBe(location);
  });

  it('brings the last type, and cookies one on each line', async () => {
    const lines = `Content-Type: text/html\r\n${TYPE}Set-Cookie: a=1; Expires=Sat, 1 Jan 2028 00:00:00 GMT\r\nSet-Cookie: b=2\r\n`;
    const text = `HTTP/1.1 200 OK\r\n${lines}${LENGTH}\r\n${PICTURE}`;
    const site = await loopback.raw((socket) => void socket.end(text));
    expect(await loopback.fetch(site.url)).toMatchObject({
      headers: {
        'content-type': 'image/png',
        'set-cookie': 'a=1; Expires=Sat, 1 Jan 2028 00:00:00 GMT\nb=2',
      },
    });
  });
});

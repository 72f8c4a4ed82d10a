import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Reason } from '../../core/model/outcome.ts';

/** What a server does with one connection once a request has come; `picture` is a real one. */
export interface Behaviour {
  readonly name: string;
  /** Null where the picture is to be kept. */
  readonly reason: Reason | null;
  readonly act: (socket: Socket, picture: Buffer) => void;
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n';

function whole(body: Buffer, extra = ''): Buffer {
  return Buffer.concat([
    Buffer.from(`${HEAD}${extra}Content-Length: ${body.length}\r\n\r\n`),
    body,
  ]);
}

/** The whole length announced, half of the body sent, and the connection closed. */
function cut(body: Buffer, extra = ''): Buffer {
  const answer = whole(body, extra);
  return answer.subarray(0, answer.length - Math.ceil(body.length / 2));
}

/** Neither a picture nor text any more. */
function scrambled(picture: Buffer): Buffer {
  return Buffer.from(picture.map((byte) => byte ^ 0xa5));
}

/** A body whose coding is cut although its length is right. */
function coded(coding: string, body: Buffer): Buffer {
  return whole(body, `Content-Encoding: ${coding}\r\n`);
}

function half(body: Buffer): Buffer {
  return body.subarray(0, body.length >> 1);
}

/** Sends a piece again and again until the other side has enough. */
function forEver(socket: Socket, piece: string | Buffer, everyMs: number): void {
  const timer = setInterval(() => socket.write(piece), everyMs);
  socket.once('close', () => clearInterval(timer));
}

function flood(socket: Socket, piece: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

const send = (text: string | Buffer) => (socket: Socket) => void socket.end(text);
const say = (text: string) => (socket: Socket) => void socket.write(text);
const BOMB = Buffer.alloc(64 * 1024 * 1024);
/** Made before any clock runs: packing them while a request waits would be the test's own delay. */
const BOMBS = {
  gzip: gzipSync(BOMB),
  brotli: brotliCompressSync(BOMB),
  zstd: zstdCompressSync(BOMB),
  nested: gzipSync(gzipSync(BOMB)),
};

/** Everything a server was seen to do, or can think of. */
export const HOSTILE_BEHAVIOURS: readonly Behaviour[] = [
  { name: 'good', reason: null, act: (socket, picture) => socket.end(whole(picture)) },
  {
    name: 'good-close-delimited',
    reason: null,
    act: (socket, picture) => socket.end(Buffer.concat([Buffer.from(`${HEAD}\r\n`), picture])),
  },
  {
    name: 'good-gzip',
    reason: null,
    act: (socket, picture) => socket.end(coded('gzip', gzipSync(picture))),
  },
  {
    name: 'good-brotli',
    reason: null,
    act: (socket, picture) => socket.end(coded('br', brotliCompressSync(picture))),
  },
  {
    name: 'good-zstd',
    reason: null,
    act: (socket, picture) => socket.end(coded('zstd', zstdCompressSync(picture))),
  },
  {
    name: 'good-hints',
    reason: null,
    act: (socket, picture) =>
      socket.end(
        Buffer.concat([
          Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n'.repeat(5)),
          whole(picture),
        ]),
      ),
  },
  { name: 'silence', reason: 'timeout', act: () => {} },
  { name: 'hang-up', reason: 'connection-lost', act: (socket) => socket.end() },
  { name: 'reset', reason: 'connection-lost', act: (socket) => socket.resetAndDestroy() },
  { name: 'half-status', reason: 'connection-lost', act: send('HTTP/1.1 2') },
  { name: 'half-head', reason: 'connection-lost', act: send(`${HEAD}Content-Len`) },
  {
    name: 'reset-in-body',
    reason: 'truncated',
    act: (socket, picture) => socket.write(cut(picture), () => socket.resetAndDestroy()),
  },
  {
    name: 'reset-close-delimited',
    reason: 'truncated',
    act: (socket, picture) =>
      socket.write(Buffer.concat([Buffer.from(`${HEAD}\r\n`), half(picture)]), () =>
        setTimeout(() => socket.resetAndDestroy(), 50),
      ),
  },
  { name: 'short-body', reason: 'truncated', act: (socket, picture) => socket.end(cut(picture)) },
  { name: 'no-body-at-all', reason: 'truncated', act: send(`${HEAD}Content-Length: 10\r\n\r\n`) },
  {
    name: 'cut-chunk',
    reason: 'truncated',
    act: send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n64\r\nabc`),
  },
  {
    name: 'no-last-chunk',
    reason: 'truncated',
    act: send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`),
  },
  {
    name: 'cut-gzip',
    reason: 'truncated',
    act: (socket, picture) => socket.end(coded('gzip', half(gzipSync(picture)))),
  },
  {
    name: 'cut-deflate',
    reason: 'truncated',
    act: (socket, picture) => socket.end(coded('deflate', half(deflateSync(picture)))),
  },
  {
    name: 'cut-brotli',
    reason: 'truncated',
    act: (socket, picture) => socket.end(coded('br', half(brotliCompressSync(picture)))),
  },
  {
    name: 'cut-zstd',
    reason: 'truncated',
    act: (socket, picture) => socket.end(coded('zstd', half(zstdCompressSync(picture)))),
  },
  {
    name: 'drip',
    reason: 'timeout',
    act: (socket) => {
      socket.write(`${HEAD}Content-Length: 100000\r\n\r\n`);
      forEver(socket, 'x', 100);
    },
  },
  {
    name: 'drip-head',
    reason: 'timeout',
    act: (socket) => {
      socket.write(HEAD);
      forEver(socket, 'X', 100);
    },
  },
  {
    name: 'stalled-body',
    reason: 'timeout',
    act: (socket, picture) => void socket.write(cut(picture)),
  },
  {
    name: 'endless-hints',
    reason: 'timeout',
    act: (socket) => forEver(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n', 50),
  },
  {
    name: 'endless-body',
    reason: 'too-large',
    act: (socket) => {
      socket.write(`${HEAD}\r\n`);
      flood(socket, Buffer.alloc(65_536, 1));
    },
  },
  {
    name: 'endless-chunks',
    reason: 'too-large',
    act: (socket) => {
      socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
      flood(
        socket,
        Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 1), Buffer.from('\r\n')]),
      );
    },
  },
  {
    name: 'announces-too-much',
    reason: 'too-large',
    act: say(`${HEAD}Content-Length: 99999999999\r\n\r\n`),
  },
  {
    name: 'gzip-bomb',
    reason: 'too-large',
    act: (socket) => socket.end(coded('gzip', BOMBS.gzip)),
  },
  {
    name: 'brotli-bomb',
    reason: 'too-large',
    act: (socket) => socket.end(coded('br', BOMBS.brotli)),
  },
  {
    name: 'zstd-bomb',
    reason: 'too-large',
    act: (socket) => socket.end(coded('zstd', BOMBS.zstd)),
  },
  {
    name: 'bomb-in-bomb',
    reason: 'too-large',
    act: (socket) => socket.end(coded('gzip, gzip', BOMBS.nested)),
  },
  {
    name: 'unknown-coding',
    reason: 'bad-encoding',
    act: (socket, picture) => socket.end(coded('snappy', scrambled(picture))),
  },
  {
    name: 'not-gzip',
    reason: 'bad-encoding',
    act: (socket, picture) => socket.end(coded('gzip', scrambled(picture))),
  },
  {
    name: 'garbage',
    reason: 'protocol-error',
    act: send('\u0000\u0001\u0002 this is no HTTP\r\n\r\n'),
  },
  { name: 'ssh', reason: 'protocol-error', act: say('SSH-2.0-OpenSSH_9.9\r\n') },
  { name: 'http-0.9', reason: 'protocol-error', act: send('<html>hello</html>') },
  {
    name: 'endless-head',
    reason: 'protocol-error',
    act: (socket) => {
      socket.write(HEAD);
      flood(socket, Buffer.from(`X-Long: ${'x'.repeat(8000)}\r\n`));
    },
  },
  { name: 'bad-length', reason: 'protocol-error', act: say(`${HEAD}Content-Length: -5\r\n\r\n`) },
  {
    name: 'two-lengths',
    reason: 'protocol-error',
    act: say(`${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`),
  },
  {
    name: 'length-and-chunks',
    reason: 'not-an-image',
    act: say(`${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`),
  },
  {
    name: 'bad-chunk-size',
    reason: 'protocol-error',
    act: say(`${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n`),
  },
  {
    name: 'nul-in-head',
    reason: 'protocol-error',
    act: say(`${HEAD}X-Nul: a\u0000b\r\nContent-Length: 0\r\n\r\n`),
  },
  { name: 'empty', reason: 'not-an-image', act: send(`${HEAD}Content-Length: 0\r\n\r\n`) },
  {
    name: 'page',
    reason: 'not-an-image',
    act: (socket) => socket.end(whole(Buffer.from('<!doctype html><title>soft 404</title>'))),
  },
  { name: 'no-content', reason: 'unexpected-status', act: send('HTTP/1.1 204 No Content\r\n\r\n') },
  {
    name: 'partial',
    reason: 'truncated',
    act: send('HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-1/9\r\nContent-Length: 2\r\n\r\nab'),
  },
  {
    name: 'status-999',
    reason: 'server-error',
    act: send('HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n'),
  },
  {
    name: 'dripping-404',
    reason: 'not-found',
    act: (socket) => {
      socket.write('HTTP/1.1 404 No\r\nContent-Length: 100000\r\n\r\n');
      forEver(socket, 'x', 100);
    },
  },
  {
    name: 'endless-404',
    reason: 'not-found',
    act: (socket) => {
      socket.write('HTTP/1.1 404 No\r\n\r\n');
      flood(socket, Buffer.alloc(65_536, 1));
    },
  },
  {
    name: 'redirect-to-itself',
    reason: 'too-many-redirects',
    act: send('HTTP/1.1 302 Found\r\nLocation: /redirect-to-itself\r\nContent-Length: 0\r\n\r\n'),
  },
  {
    name: 'redirect-nowhere',
    reason: 'bad-redirect',
    act: send('HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n'),
  },
  {
    name: 'redirect-to-file',
    reason: 'bad-redirect',
    act: send('HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n'),
  },
  {
    name: 'opted-out',
    reason: 'opted-out',
    act: (socket, picture) => socket.end(whole(picture, 'X-Robots-Tag: noimageindex, noai\r\n')),
  },
  {
    name: 'opted-out-endless',
    reason: 'opted-out',
    act: (socket) => {
      socket.write(`${HEAD}X-Robots-Tag: noindex\r\n\r\n`);
      flood(socket, Buffer.alloc(65_536, 1));
    },
  },
];

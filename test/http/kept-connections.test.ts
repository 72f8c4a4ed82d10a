import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Loopback } from './servers.ts';

const NOT_FOUND = 'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n';

let loopback = new Loopback();
afterEach(async () => {
  await loopback.close();
  loopback = new Loopback();
});

/** Answers one request of each connection, and ends it when the second one comes. */
function answersOnce(end: (socket: Socket) => void) {
  return loopback.raw((socket) => {
    socket.write(NOT_FOUND);
    socket.once('data', () => end(socket));
  });
}

const ENDS: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['closed', (socket) => socket.end()],
  ['reset', (socket) => socket.resetAndDestroy()],
];

describe('a kept connection', () => {
  it.each(ENDS)('that is %s under a request costs no answer', async (_, end) => {
    const site = await answersOnce(end);
    for (let times = 0; times < 5; times += 1) {
      const outcome = await loopback.fetch(site.url, { mayRepeat: true });
      expect(outcome).toMatchObject({ kind: 'no-body', httpStatus: 404 });
    }
    expect(site.connections()).toBe(5);
  });

  it.each(ENDS)('that is %s is no reason to ask sooner than allowed', async (_, end) => {
    const site = await answersOnce(end);
    await loopback.fetch(site.url);
    expect(await loopback.fetch(site.url)).toMatchObject({ reason: 'connection-lost' });
    expect(site.connections()).toBe(1);
  });

  it('that is closed right after an answer, without a word of it, is not used again', async () => {
    const site = await loopback.raw((socket) => void socket.end(NOT_FOUND));
    for (let times = 0; times < 20; times += 1) {
      expect(await loopback.fetch(site.url)).toMatchObject({ kind: 'no-body', httpStatus: 404 });
    }
    expect(site.connections()).toBe(20);
  });

  it('that breaks in its first answer is not asked again', async () => {
    const site = await loopback.raw((socket) => void socket.end());
    const outcome = await loopback.fetch(site.url, { mayRepeat: true });
    expect(outcome).toMatchObject({ reason: 'connection-lost' });
    expect(site.connections()).toBe(1);
  });

  it('is not believed for ever: three repeats are all', async () => {
    const site = await loopback.raw((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\n\r\n', () => socket.end());
    });
    const outcome = await loopback.fetch(site.url, { mayRepeat: true });
    expect(outcome).toMatchObject({ reason: 'connection-lost' });
    expect(site.connections()).toBe(4);
  });
});

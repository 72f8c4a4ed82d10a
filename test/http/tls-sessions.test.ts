import { describe, expect, it } from 'vitest';
import { TlsSessions } from '../../adapters/http/tls-sessions.ts';

describe('kept TLS sessions', () => {
  it('are the newest of each host', () => {
    const sessions = new TlsSessions();
    sessions.set('a:443', Buffer.from('old'));
    sessions.set('a:443', Buffer.from('newer'));
    expect(sessions.get('a:443')).toEqual(Buffer.from('newer'));
    expect([sessions.size, sessions.bytes]).toEqual([1, 5]);
  });

  it('are bounded in number: the least recently used goes first', () => {
    const sessions = new TlsSessions({ maxSessions: 2 });
    for (const key of ['a', 'b']) sessions.set(key, Buffer.alloc(1));
    sessions.get('a');
    sessions.set('c', Buffer.alloc(1));
    expect(['a', 'b', 'c'].map((key) => sessions.get(key) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('are bounded in bytes', () => {
    const sessions = new TlsSessions({ maxBytes: 1000 });
    for (let at = 0; at < 100; at += 1) sessions.set(`${at}`, Buffer.alloc(300));
    expect([sessions.size, sessions.bytes]).toEqual([3, 900]);
    sessions.set('huge', Buffer.alloc(2000));
    expect([sessions.size, sessions.bytes]).toEqual([0, 0]);
  });

  it('are forgotten when a server did not take them', () => {
    const sessions = new TlsSessions();
    sessions.set('a', Buffer.alloc(7));
    sessions.delete('a');
    sessions.delete('a');
    expect([sessions.size, sessions.bytes]).toEqual([0, 0]);
  });
});

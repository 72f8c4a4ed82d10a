import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientHttp2Stream } from 'node:http2';
import { Duplex } from 'node:stream';

/** Tells of each stream of HTTP/2 that this process opens, before anyone listens to it. */
const OPENED = 'http2.client.stream.created';

/**
 * Node lets a stream that its server reset end like a whole one, and undici believes it. A cut
 * picture without a length (RFC 9113, section 8.1.1, lets a server leave it out) would be kept as
 * it came: from here on such a stream is an error. Ends with `trustEnds`, called as often.
 */
export function doubtEnds(): void {
  subscribe(OPENED, watch);
}

/** Leaves streams alone again. */
export function trustEnds(): void {
  unsubscribe(OPENED, watch);
}

function watch(message: unknown): void {
  if (!tellsOfStream(message)) return;
  const { stream } = message;
  // First of all listeners: whoever hears an error before the end looks no further.
  stream.prependOnceListener('end', () => {
    const { rstCode = 0 } = stream;
    if (rstCode !== 0) stream.emit('error', new Error(`stream reset with code ${rstCode}`));
  });
}

function tellsOfStream(message: unknown): message is { readonly stream: ClientHttp2Stream } {
  return typeof message === 'object' && message !== null && 'stream' in message
    ? message.stream instanceof Duplex
    : false;
}

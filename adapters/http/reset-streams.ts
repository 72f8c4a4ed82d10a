import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientHttp2Stream } from 'node:http2';
import { Duplex } from 'node:stream';

/** Tells of each stream of HTTP/2 that this process opens, before anyone listens to it. */
const OPENED = 'http2.client.stream.created';

/**
 * Makes reset streams fail. Node ends a stream that its server reset like a complete one, and undici
 * takes the body for complete. A truncated picture without a length (RFC 9113, section 8.1.1, lets a
 * server leave it out) would be kept as it came. Gives what undoes it.
 */
export function failResetStreams(): () => void {
  subscribe(OPENED, watch);
  return () => void unsubscribe(OPENED, watch);
}

function watch(message: unknown): void {
  if (!tellsOfStream(message)) return;
  const { stream } = message;
  // First of all listeners, so that the error comes before the end.
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

import type { Socket } from 'node:net';

/** What the connector notes on the error of a connection that was reset. */
interface Noted extends Error {
  socket?: { readonly bytesRead: number };
}

/** Notes on an error how much its connection had brought, as undici does on errors of its own. */
export function noteUse(error: Noted, { bytesRead }: Socket): void {
  error.socket ??= { bytesRead };
}

/**
 * Whether a kept connection broke before this answer began: its server had perhaps closed it while
 * the request was under way, and never saw it (RFC 9112, section 9.3.1).
 */
export function isOfKeptConnection(error: Noted): boolean {
  return (error.socket?.bytesRead ?? 0) > 0;
}

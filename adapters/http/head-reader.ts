import type { Socket } from 'node:net';
import { normaliseHead } from './normalise-head.ts';

/** Largest head of an answer over HTTP/1.1, in bytes: a shop's sixty cookies have 40 kB. */
export const MAX_HEAD_BYTES = 128 * 1024;
/** A head that comes in more pieces is left to the parser: to join them again and again costs time. */
const MAX_PIECES = 1000;
const LF = 10;
const CR = 13;
const PROTOCOL = 'HTTP/';

/**
 * Stands between a socket and the parser of undici, which reads it by `read`: heads of answers pass
 * in the form that the parser knows, see `normaliseHead`; everything else passes as it is. A head that
 * comes in one piece and is exact, as nearly all are, is neither copied nor held back.
 */
export class HeadReader {
  #isHead = true;
  #pending: Buffer | undefined;
  #pieces = 0;

  /** To be installed before undici has the socket, and on sockets of HTTP/1.1 only. */
  constructor(socket: Socket) {
    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => {
      const chunk: unknown = read(size);
      return this.#isHead && Buffer.isBuffer(chunk) ? this.#passHead(chunk) : chunk;
    };
  }

  /** A request goes out: what comes next is the head of its answer. */
  expectHead(): void {
    this.#isHead = true;
    this.#pending = undefined;
    this.#pieces = 0;
  }

  /** Null as long as a head is not whole: undici reads again when more has come. */
  #passHead(chunk: Buffer): Buffer | null {
    const bytes = this.#pending === undefined ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = undefined;
    const start = skipBlank(bytes);
    const end = endOfHead(bytes, start);
    if (end === undefined) {
      this.#pieces += 1;
      const isShort = bytes.length < MAX_HEAD_BYTES && this.#pieces < MAX_PIECES;
      if (isShort && mayBecomeHead(bytes, start)) {
        this.#pending = bytes;
        return null;
      }
      // No head, or too long a one: the parser says so.
      this.#isHead = false;
      return bytes;
    }
    const head = bytes.toString('latin1', start, end);
    // After an interim answer (RFC 9110, section 15.2) comes another head.
    const isInterim = / 1\d\d[ \r\n]/.test(head.slice(PROTOCOL.length, PROTOCOL.length + 10));
    const normalised = normaliseHead(head);
    const text =
      normalised === undefined ? bytes.subarray(start, end) : Buffer.from(normalised, 'latin1');
    if (!isInterim) {
      this.#isHead = false;
      return normalised === undefined ? bytes : Buffer.concat([text, bytes.subarray(end)]);
    }
    const rest = end === bytes.length ? null : this.#passHead(bytes.subarray(end));
    return rest === null ? text : Buffer.concat([text, rest]);
  }
}

/** Some servers send an empty line before the answer, or one too many behind the last body. */
function skipBlank(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === CR || bytes[at] === LF) at += 1;
  return at;
}

function endOfHead(bytes: Buffer, start: number): number | undefined {
  const usual = bytes.indexOf('\n\r\n', start);
  const before = usual === -1 ? bytes : bytes.subarray(0, usual);
  const bare = before.indexOf('\n\n', start);
  if (bare !== -1) return bare + 2;
  return usual === -1 ? undefined : usual + 3;
}

function mayBecomeHead(bytes: Buffer, start: number): boolean {
  const begin = bytes.toString('latin1', start, start + PROTOCOL.length).toUpperCase();
  return PROTOCOL.startsWith(begin);
}

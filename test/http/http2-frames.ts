/** Frames of HTTP/2 (RFC 9113, section 4.1), for what no library would send. */
const TYPES = { data: 0, headers: 1, reset: 3, settings: 4, goAway: 7 } as const;
const END_STREAM = 1;
const ACK = 1;
const END_HEADERS = 4;
/** The stream of a client's first request. */
const FIRST = 1;

/** What a server says first. */
export const GREETING = Buffer.concat([
  frame(TYPES.settings, 0, 0, Buffer.alloc(0)),
  frame(TYPES.settings, ACK, 0, Buffer.alloc(0)),
]);

/** `:status: 200`, which is entry 8 of HPACK's static table. */
export const OK = frame(TYPES.headers, END_HEADERS, FIRST, Buffer.from([0x88]));

/** A piece of a body, its last one or not. */
export function data(bytes: Buffer, isLast: boolean): Buffer {
  return frame(TYPES.data, isLast ? END_STREAM : 0, FIRST, bytes);
}

/** The stream is given up (section 6.4). */
export function reset(code: number): Buffer {
  return frame(TYPES.reset, 0, FIRST, uint32(code));
}

/** The connection is given up (section 6.8); streams above the last one were never looked at. */
export function goAway(code: number, lastStream = FIRST): Buffer {
  return frame(TYPES.goAway, 0, 0, Buffer.concat([uint32(lastStream), uint32(code)]));
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

import { createSocket, type Socket } from 'node:dgram';
import { createServer, isIP, type Server, type Socket as Stream } from 'node:net';
import type { DnsLimits } from '../../adapters/dns/dns-client.ts';
import { machineResolver } from '../../adapters/dns/machine-resolver.ts';
import type { ResolveName } from '../../adapters/dns/resolve-name.ts';

/** Records of a name, of which those of the type that was asked for are sent. */
export interface Records {
  readonly addresses: readonly string[];
  readonly aliases?: readonly string[];
  /** In seconds; without it 0, never to be kept. */
  readonly ttl?: number;
  /** The addresses of both families are sent, whatever was asked for. */
  readonly isOfBothFamilies?: boolean;
  /** Over UDP no record is sent, but that there are some. */
  readonly isTruncated?: boolean;
  readonly delayMs?: number;
}

/** What a zone says to one question; nothing is said to `silence`. */
export type Answer =
  | Records
  | {
      readonly code: 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'REFUSED';
      readonly delayMs?: number;
    }
  | 'silence';

/** Asked with the number of times that this name and type were asked before. */
export type Zone = Readonly<
  Record<string, (type: 'A' | 'AAAA', before: number) => Answer | Promise<Answer>>
>;

const TYPES = { A: 1, CNAME: 5, AAAA: 28 } as const;
const CODES = { FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;
const TRUNCATED = 0x0200;

/** A DNS server (RFC 1035) over UDP and TCP on loopback that says what a test wants. */
export class NameServer {
  /** Questions so far, as `A site.test`. */
  readonly asked: string[] = [];
  /** How often each of them was asked. */
  readonly #counts = new Map<string, number>();
  readonly #zone: Zone;
  readonly #socket: Socket = createSocket('udp4');
  readonly #server: Server;
  readonly #streams = new Set<Stream>();
  #isClosed = false;
  readonly #timers = new Set<NodeJS.Timeout>();

  private constructor(zone: Zone) {
    this.#zone = zone;
    this.#socket.on('message', (message, { port, address }) => {
      void this.#reply(message, 'udp', (reply) => this.#send(reply, port, address));
    });
    this.#server = createServer((stream) => this.#serve(stream));
  }

  static async open(zone: Zone): Promise<NameServer> {
    const server = new NameServer(zone);
    // The port of one protocol may be another's in the other: then with the next one.
    while (!(await server.#listen())) await server.#stopListening();
    return server;
  }

  /** As settings have it. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  /** As a worker resolves names on a machine that has this name server alone. */
  resolver(limits: Partial<DnsLimits> = {}): ResolveName {
    return machineResolver({
      config: () => ({ servers: [this.address], search: [], ndots: 1, families: [4, 6] }),
      hosts: { addressesOf: () => undefined },
      limits,
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const stream of this.#streams) stream.destroy();
    await this.#stopListening();
    await new Promise<void>((closed) => this.#socket.close(() => closed()));
  }

  /** Listens at one port of both protocols; false when that of UDP is taken. */
  async #listen(): Promise<boolean> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
    const bound = this.#server.address();
    if (bound === null || typeof bound === 'string') throw new Error('expected a port');
    return new Promise((resolve) => {
      const fail = () => resolve(false);
      this.#socket.once('error', fail);
      this.#socket.bind(bound.port, '127.0.0.1', () => {
        this.#socket.off('error', fail);
        resolve(true);
      });
    });
  }

  #stopListening(): Promise<void> {
    return new Promise((closed) => this.#server.close(() => closed()));
  }

  /** Each message over TCP begins with its length (RFC 1035, section 4.2.2). */
  #serve(stream: Stream): void {
    this.#streams.add(stream);
    stream.on('close', () => this.#streams.delete(stream)).on('error', () => {});
    let received = Buffer.alloc(0);
    stream.on('data', (piece) => {
      received = Buffer.concat([received, Buffer.from(piece)]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        const message = received.subarray(2, end);
        received = received.subarray(end);
        void this.#reply(message, 'tcp', (reply) => {
          const length = Buffer.alloc(2);
          length.writeUInt16BE(reply.length, 0);
          stream.write(Buffer.concat([length, reply]));
        });
      }
    });
  }

  /** An answer may come after the end of a test. */
  #send(reply: Buffer, port: number, address: string): void {
    if (!this.#isClosed) this.#socket.send(reply, port, address);
  }

  async #reply(query: Buffer, over: 'udp' | 'tcp', send: (reply: Buffer) => void): Promise<void> {
    const { name, end } = readName(query);
    const type = query.readUInt16BE(end) === TYPES.A ? 'A' : 'AAAA';
    const question = `${type} ${name}`;
    const before = this.#counts.get(question) ?? 0;
    this.#counts.set(question, before + 1);
    this.asked.push(question);
    const answer = (await this.#zone[name]?.(type, before)) ?? { code: 'NXDOMAIN' };
    if (answer === 'silence') return;
    const reply = encode(query.subarray(0, end + 4), { name, type, over }, answer);
    if (answer.delayMs === undefined) {
      send(reply);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      send(reply);
    }, answer.delayMs);
    this.#timers.add(timer);
  }
}

interface Asked {
  readonly name: string;
  readonly type: 'A' | 'AAAA';
  readonly over: 'udp' | 'tcp';
}

function encode(query: Buffer, asked: Asked, answer: Exclude<Answer, 'silence'>): Buffer {
  const question = query.subarray(12);
  if ('code' in answer) return Buffer.concat([head(query, CODES[answer.code], 0), question]);
  if (answer.isTruncated === true && asked.over === 'udp') {
    return Buffer.concat([head(query, TRUNCATED, 0), question]);
  }
  const records = recordsOf(asked, answer);
  return Buffer.concat([head(query, 0, records.length), question, ...records]);
}

function recordsOf(
  { name, type }: Asked,
  { addresses, aliases = [], ttl = 0, isOfBothFamilies = false }: Records,
): readonly Buffer[] {
  const chain = [name, ...aliases];
  const links = aliases.map((alias, at) => ({
    owner: chain[at] ?? name,
    type: 'CNAME' as const,
    data: writeName(alias),
  }));
  const owner = chain.at(-1) ?? name;
  const found = addresses.map((address) => ({
    owner,
    type: isIP(address) === 4 ? ('A' as const) : ('AAAA' as const),
    data: bytesOf(address),
  }));
  const wanted = found.filter((one) => isOfBothFamilies || one.type === type);
  return [...links, ...wanted].map((one) => record(one.owner, one.type, ttl, one.data));
}

function head(query: Buffer, flags: number, answers: number): Buffer {
  const bytes = Buffer.alloc(12);
  query.copy(bytes, 0, 0, 2);
  bytes.writeUInt16BE(0x8580 | flags, 2); // an answer, with authority
  bytes.writeUInt16BE(1, 4);
  bytes.writeUInt16BE(answers, 6);
  return bytes;
}

function record(owner: string, type: keyof typeof TYPES, ttl: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(TYPES[type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttl, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([writeName(owner), fixed, data]);
}

function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function writeName(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from(label, 'latin1'));
  const parts = labels.map((label) => Buffer.concat([Buffer.from([label.length]), label]));
  return Buffer.concat([...parts, Buffer.from([0])]);
}

function bytesOf(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [left = '', right = ''] = address.split('::');
  const groupsOf = (text: string) => text.split(':').filter((group) => group !== '');
  const missing = 8 - groupsOf(left).length - groupsOf(right).length;
  const groups = [...groupsOf(left), ...Array<string>(missing).fill('0'), ...groupsOf(right)];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

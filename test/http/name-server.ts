import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { ResolveName } from '../../adapters/http/name-lookups.ts';

/** What a zone says to one question; nothing is said to `silence`. */
export type Answer =
  | { readonly addresses: readonly string[]; readonly aliases?: readonly string[] }
  | { readonly code: 'SERVFAIL' | 'NXDOMAIN' | 'REFUSED' }
  | 'silence';

/** Asked with the number of times that this name and type were asked before. */
export type Zone = Readonly<Record<string, (type: 'A' | 'AAAA', before: number) => Answer>>;

const TYPES = { A: 1, CNAME: 5, AAAA: 28 } as const;
const CODES = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

/** A DNS server (RFC 1035) over UDP on loopback that says what a test wants. */
export class NameServer {
  /** Questions so far, as `A site.test`. */
  readonly asked: string[] = [];
  readonly #zone: Zone;
  readonly #socket: Socket = createSocket('udp4');

  private constructor(zone: Zone) {
    this.#zone = zone;
    this.#socket.on('message', (message, { port, address }) => {
      const reply = this.#reply(message);
      if (reply !== undefined) this.#socket.send(reply, port, address);
    });
  }

  static async open(zone: Zone): Promise<NameServer> {
    const server = new NameServer(zone);
    await new Promise<void>((bound) => server.#socket.bind(0, '127.0.0.1', bound));
    return server;
  }

  /** Both families at once, as getaddrinfo asks for them; fails when neither has an answer. */
  get resolve(): ResolveName {
    return async (hostname) => {
      const resolver = new Resolver({ timeout: 1000, tries: 1 });
      resolver.setServers([`127.0.0.1:${this.#socket.address().port}`]);
      const [four, six] = await Promise.allSettled([
        resolver.resolve4(hostname),
        resolver.resolve6(hostname),
      ]);
      if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
      const found = [four, six].flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      return found.map((address) => ({ address, family: isIP(address) }));
    };
  }

  close(): Promise<void> {
    return new Promise((closed) => this.#socket.close(() => closed()));
  }

  #reply(query: Buffer): Buffer | undefined {
    const { name, end } = readName(query);
    const type = query.readUInt16BE(end) === TYPES.A ? 'A' : 'AAAA';
    const question = `${type} ${name}`;
    const before = this.asked.filter((one) => one === question).length;
    this.asked.push(question);
    const answer = this.#zone[name]?.(type, before) ?? { code: 'NXDOMAIN' };
    if (answer === 'silence') return undefined;
    const asked = query.subarray(12, end + 4);
    if ('code' in answer) return Buffer.concat([head(query, CODES[answer.code], 0), asked]);
    const records = recordsOf(name, type, answer);
    return Buffer.concat([head(query, 0, records.length), asked, ...records]);
  }
}

function recordsOf(
  name: string,
  type: 'A' | 'AAAA',
  { addresses, aliases = [] }: Exclude<Answer, 'silence' | { readonly code: string }>,
): readonly Buffer[] {
  const chain = [name, ...aliases];
  const links = aliases.map((alias, at) => record(chain[at] ?? name, 'CNAME', writeName(alias)));
  const owner = chain.at(-1) ?? name;
  const wanted = addresses.filter((address) => (isIP(address) === 4) === (type === 'A'));
  return [...links, ...wanted.map((address) => record(owner, type, bytesOf(address)))];
}

function head(query: Buffer, code: number, answers: number): Buffer {
  const bytes = Buffer.alloc(12);
  query.copy(bytes, 0, 0, 2);
  bytes.writeUInt16BE(0x8580 | code, 2); // an answer, with authority
  bytes.writeUInt16BE(1, 4);
  bytes.writeUInt16BE(answers, 6);
  return bytes;
}

function record(owner: string, type: keyof typeof TYPES, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(TYPES[type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt16BE(data.length, 8); // between them the TTL: 0, never to be kept
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

import type { RecordWithTtl } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import type { NameServerAddress } from './dns-config.ts';
import { codeOfError, type ResolvedAddress } from './resolve-name.ts';

/** What the DNS says of a name. */
export type DnsAnswer =
  | { readonly kind: 'found'; readonly addresses: readonly ResolvedAddress[] }
  | { readonly kind: 'missing'; readonly code: string };

/** A name server that gave no usable answer; the code is that of c-ares. */
export class NameServerError extends Error {
  override readonly name = 'NameServerError';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** One question to one server. Times are in milliseconds. */
export interface Question {
  readonly name: string;
  readonly families: readonly (4 | 6)[];
  /** How long AAAA may come after A. */
  readonly graceMs: number;
  /** The caller's signal comes no later. */
  readonly timeoutMs: number;
}

type FamilyAnswer = DnsAnswer | { readonly kind: 'failed'; readonly code: string };

const NOT_ASKED: FamilyAnswer = { kind: 'missing', code: 'ENODATA' };
/** No further server or family changes these. */
const OF_THE_NAME: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/**
 * Asks a server once for both families; rejects with NameServerError, of code ECANCELLED when the
 * signal is aborted. Each question has a resolver of its own, for 50 µs: it can be cancelled alone,
 * it sends from a port of its own, which is hard to guess for those who forge answers, and takes a
 * late answer, which c-ares does not where it repeats a query itself.
 */
export async function askServer(
  question: Question,
  server: NameServerAddress,
  signal: AbortSignal,
): Promise<DnsAnswer> {
  if (signal.aborted) throw new NameServerError('ECANCELLED');
  const { timeoutMs } = question;
  const resolver = new Resolver({ timeout: timeoutMs, maxTimeout: timeoutMs, tries: 1 });
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (server !== undefined) resolver.setServers([server]);
    return await askFamilies(resolver, question);
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

/**
 * A is waited for in any case, since nearly every machine and host has IPv4. An AAAA record that is
 * late is done without (RFC 8305, section 3), and one that fails is no failure.
 */
async function askFamilies(resolver: Resolver, question: Question): Promise<DnsAnswer> {
  const { name, families, graceMs } = question;
  const asksFour = families.includes(4);
  const pendingFour = asksFour ? answerOf(resolver.resolve4(name, { ttl: true }), 4) : NOT_ASKED;
  const pendingSix = families.includes(6)
    ? answerOf(resolver.resolve6(name, { ttl: true }), 6)
    : Promise.resolve(NOT_ASKED);
  const four = await pendingFour;
  if (four.kind === 'found') {
    const six = await within(pendingSix, graceMs);
    return six?.kind === 'found' ? both(four.addresses, six.addresses) : four;
  }
  // NXDOMAIN is of all types (RFC 8020). That of AAAA is not believed: some servers say it wrongly.
  if (asksFour && four.kind === 'missing' && four.code !== 'ENODATA') return four;
  const six = await pendingSix;
  if (six.kind === 'found') return four.kind === 'failed' ? withoutTtl(six.addresses) : six;
  if (four.kind === 'failed') throw new NameServerError(four.code);
  if (six.kind === 'failed') throw new NameServerError(six.code);
  return asksFour ? four : six;
}

/** Half an answer is not kept for long: it may lack the addresses that the machine can reach. */
function withoutTtl(addresses: readonly ResolvedAddress[]): DnsAnswer {
  const found = addresses.map(({ address, family }) => ({ address, family }));
  return { kind: 'found', addresses: found };
}

function both(fours: readonly ResolvedAddress[], sixes: readonly ResolvedAddress[]): DnsAnswer {
  return { kind: 'found', addresses: [...fours, ...sixes] };
}

async function answerOf(
  records: Promise<readonly RecordWithTtl[]>,
  family: 4 | 6,
): Promise<FamilyAnswer> {
  try {
    const found = await records;
    const addresses = found.map(({ address, ttl }) => ({ address, family, ttlMs: ttl * 1000 }));
    return addresses.length > 0 ? { kind: 'found', addresses } : NOT_ASKED;
  } catch (error) {
    const code = codeOfError(error);
    return { kind: OF_THE_NAME.has(code) ? 'missing' : 'failed', code };
  }
}

/** What work that cannot reject comes to, or undefined when it takes longer. */
function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    void work.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

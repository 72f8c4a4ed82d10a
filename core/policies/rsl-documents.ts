import type { HostGate } from '../hosts/host-gate.ts';
import type { RequestLimits } from '../hosts/request-limits.ts';
import { parseLocation } from '../model/canonical-url.ts';
import type { Run } from '../model/run.ts';
import type { Statement } from '../model/statement.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadRsl } from '../ports/read-rsl.ts';
import { MAX_RSL_BYTES, RslTerms, rslStatement } from '../rights/rsl.ts';
import { fetchRightsFile, type NotExchanged } from './fetch-rights-file.ts';

/** Documents that a worker keeps; the oldest goes first. */
const MAX_DOCUMENTS = 50;
/** One that did not come is asked for again after this time, in milliseconds. */
const RETRY_MS = 10 * 60 * 1000;

/** Dependencies of RslDocuments. */
export interface RslDocumentsPorts {
  readonly clock: Clock;
  readonly gate: HostGate;
  readonly readRsl: ReadRsl;
}

interface Kept {
  /** Undefined where the document cannot be read. */
  readonly terms: RslTerms | undefined;
  /** In milliseconds since 1970. */
  readonly untilMs: number;
}

/** What a target has to wait for; a host that was given up is a document that cannot be read. */
export type RslWaiting = Exclude<NotExchanged, { readonly kind: 'given-up' }>;

/** What such a document says of a URL, or why that is not known yet. */
export type RslAnswer =
  | { readonly kind: 'known'; readonly said: Statement | undefined }
  | RslWaiting;

/** Documents of RSL by their addresses, each asked for once by a worker. */
export class RslDocuments {
  readonly #ports: RslDocumentsPorts;
  readonly #kept = new Map<string, Kept>();
  readonly #asking = new Map<string, Promise<Kept | RslWaiting>>();

  constructor(ports: RslDocumentsPorts) {
    this.#ports = ports;
  }

  /**
   * What the document at `license`, as it is written at the URL `base`, says of a URL; all is
   * reserved when it cannot be read. Rejects on infrastructure errors.
   */
  async about(
    url: string,
    license: string,
    base: string,
    run: Run,
    limits: RequestLimits,
  ): Promise<RslAnswer> {
    const parsed = parseLocation(license, base);
    if (parsed.kind === 'bad')
      return { kind: 'known', said: rslStatement(url, license.slice(0, 200), undefined) };
    const address = parsed.requestUrl;
    const known = await this.#know(address, run, limits);
    if ('kind' in known) return known;
    return { kind: 'known', said: rslStatement(url, address.slice(0, 200), known.terms) };
  }

  async #know(address: string, run: Run, limits: RequestLimits): Promise<Kept | RslWaiting> {
    const kept = this.#kept.get(address);
    if (kept !== undefined && kept.untilMs > this.#ports.clock.now()) return kept;
    const asked = this.#asking.get(address);
    if (asked !== undefined) return asked;
    const asking = this.#ask(address, run, limits).finally(() => this.#asking.delete(address));
    this.#asking.set(address, asking);
    return asking;
  }

  async #ask(address: string, run: Run, limits: RequestLimits): Promise<Kept | RslWaiting> {
    const { gate, clock, readRsl } = this.#ports;
    const file = {
      url: address,
      accept: 'application/rsl+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.1',
      maxBytes: MAX_RSL_BYTES,
      read: readRsl,
    };
    const fetched = await fetchRightsFile(file, run, limits, gate);
    if (fetched.kind !== 'asked' && fetched.kind !== 'given-up') return fetched;
    const document = fetched.kind === 'asked' ? fetched.value : undefined;
    if (document === undefined)
      return this.#keep(address, { terms: undefined, untilMs: clock.now() + RETRY_MS });
    return this.#keep(address, {
      terms: new RslTerms(document),
      untilMs: Number.POSITIVE_INFINITY,
    });
  }

  #keep(address: string, kept: Kept): Kept {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MAX_DOCUMENTS && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(address, kept);
    return kept;
  }
}

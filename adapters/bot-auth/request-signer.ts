import { randomBytes } from 'node:crypto';
import type { BotForm } from '../../contract/bot-identity.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { BotKey } from './bot-key.ts';
import { type SignatureHeaders, signRequest } from './request-signature.ts';

/** How long a signature is valid, in seconds: short, since whoever sees it can replay it. */
const VALID_S = 90;
/**
 * It is made again so long before its end, in seconds: clocks differ, and a request may wait for a
 * socket, a name and a connection before it goes out.
 */
const SPARE_S = 45;
/** Authorities whose signatures are kept. */
const MAX_KEPT = 4096;
const LABEL = 'sig1';

/** Who the crawler is, where it signs. */
export interface BotIdentity {
  readonly key: BotKey;
  /** What names it: see `agentOf`. */
  readonly agent: string;
  readonly form: BotForm;
}

interface Kept {
  readonly headers: SignatureHeaders;
  readonly renewAtMs: number;
}

/** Signs requests, one signature an authority and minute: signing costs more than many an exchange. */
export class RequestSigner {
  readonly #identity: BotIdentity;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(identity: BotIdentity, clock: Clock) {
    this.#identity = identity;
    this.#clock = clock;
  }

  /** Headers of a signed request to an http(s) URL; undefined over plain HTTP, where they prove nothing. */
  headersFor(url: string): SignatureHeaders | undefined {
    const { protocol, host: authority } = new URL(url);
    if (protocol !== 'https:') return undefined;
    const nowMs = this.#clock.now();
    const kept = this.#kept.get(authority);
    if (kept !== undefined && nowMs < kept.renewAtMs) return kept.headers;
    const headers = this.#sign(authority, Math.floor(nowMs / 1000));
    this.#keep(authority, { headers, renewAtMs: nowMs + (VALID_S - SPARE_S) * 1000 });
    return headers;
  }

  #sign(authority: string, created: number): SignatureHeaders {
    const { key, agent, form } = this.#identity;
    const nonce = randomBytes(64).toString('base64');
    const expires = created + VALID_S;
    return signRequest({ authority, agent, form, created, expires, nonce, label: LABEL }, key);
  }

  #keep(authority: string, kept: Kept): void {
    this.#kept.delete(authority);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(authority, kept);
  }
}

/** How many sessions are kept, and how many bytes they may have together. */
export interface SessionLimits {
  readonly maxSessions: number;
  readonly maxBytes: number;
}

/** Sessions of 1 to 3 KB each, with the certificate of their server. */
const LIMITS: SessionLimits = { maxSessions: 4096, maxBytes: 8 * 1024 * 1024 };

/**
 * TLS sessions by host and port, for resumption (RFC 8446, section 2.2): the newest of each, the
 * least recently used dropped first. undici's own cache holds 100, and those only until the next
 * garbage collection.
 */
export class TlsSessions {
  readonly #limits: SessionLimits;
  readonly #sessions = new Map<string, Buffer>();
  #bytes = 0;

  constructor(limits: Partial<SessionLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Number of sessions that are kept. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Bytes of all sessions that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The session to resume with a host; undefined when there is none. */
  get(key: string): Buffer | undefined {
    const session = this.#sessions.get(key);
    if (session === undefined) return undefined;
    this.#sessions.delete(key); // the map is in the order of use
    this.#sessions.set(key, session);
    return session;
  }

  set(key: string, session: Buffer): void {
    this.delete(key);
    this.#sessions.set(key, session);
    this.#bytes += session.byteLength;
    for (const oldest of this.#sessions.keys()) {
      const { maxSessions, maxBytes } = this.#limits;
      if (this.#sessions.size <= maxSessions && this.#bytes <= maxBytes) return;
      this.delete(oldest);
    }
  }

  /** Forgets a session, such as one that a server did not take. */
  delete(key: string): void {
    this.#bytes -= this.#sessions.get(key)?.byteLength ?? 0;
    this.#sessions.delete(key);
  }
}

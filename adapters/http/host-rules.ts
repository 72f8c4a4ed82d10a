/** Hosts that the operator allows and denies. Never taken from a task or a run. */
export interface HostLists {
  /** Names that may be asked, each with all names below it; empty for every host. */
  readonly allowed: readonly string[];
  /** Names that may not, each with all below it; a name on both lists is denied. */
  readonly denied: readonly string[];
}

/** A host that the deployment does not allow; the message names it and the list. */
export class HostDeniedError extends Error {
  override readonly name = 'HostDeniedError';
}

/** Judges hosts by the operator's lists; a name takes as long as it has dots, whatever the lists. */
export class HostRules {
  readonly #allowed: ReadonlySet<string>;
  readonly #denied: ReadonlySet<string>;

  constructor({ allowed, denied }: HostLists = { allowed: [], denied: [] }) {
    this.#allowed = new Set(allowed);
    this.#denied = new Set(denied);
  }

  /** Why a host is refused; undefined when it may be asked. `hostname` as `new URL` writes it. */
  refusalOf(hostname: string): string | undefined {
    if (this.#denied.size === 0 && this.#allowed.size === 0) return undefined;
    const names = selfAndAbove(hostname);
    const denied = names.find((name) => this.#denied.has(name));
    if (denied !== undefined) return `${hostname} is denied by "${denied}"`;
    const isAllowed = this.#allowed.size === 0 || names.some((name) => this.#allowed.has(name));
    return isAllowed ? undefined : `${hostname} is not among the allowed hosts`;
  }
}

/** `a.b.test`, `b.test`, `test`; a final dot changes where a name is looked up, not whose it is. */
function selfAndAbove(hostname: string): readonly string[] {
  const name = hostname.replace(/\.$/, '').toLowerCase();
  const labels = name.split('.');
  return labels.map((_, at) => labels.slice(at).join('.'));
}

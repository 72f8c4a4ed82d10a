import type { Fetcher, FetchOutcome, FetchRequest, Headers } from '../../core/ports/fetcher.ts';

/** An answer without a body to keep. */
export function answer(httpStatus: number, headers: Headers = {}): FetchOutcome {
  return { kind: 'no-body', httpStatus, headers };
}

/** An answer that sends the crawler elsewhere. */
export function redirect(location: string, httpStatus = 302): FetchOutcome {
  return answer(httpStatus, { location });
}

/** An answer with these bytes. */
export function body(text: string, headers: Headers = {}): FetchOutcome {
  return {
    kind: 'body',
    httpStatus: 200,
    headers,
    body: new TextEncoder().encode(text),
    release: () => {},
  };
}

/** Answers by URL, once each. Throws for what was not planned. */
export class ScriptedFetcher implements Fetcher {
  readonly requests: FetchRequest[] = [];
  readonly #script: Map<string, FetchOutcome>;
  readonly #meanwhile: () => Promise<void>;

  constructor(script: Readonly<Record<string, FetchOutcome>>, meanwhile = async () => {}) {
    this.#script = new Map(Object.entries(script));
    this.#meanwhile = meanwhile;
  }

  /** Answers a URL that was asked for already, once more. */
  plan(url: string, outcome: FetchOutcome): void {
    this.#script.set(url, outcome);
  }

  async fetch(request: FetchRequest): Promise<FetchOutcome> {
    request.onSent?.();
    this.requests.push(request);
    const outcome = this.#script.get(request.url);
    if (outcome === undefined) throw new Error(`nobody planned a request for ${request.url}`);
    this.#script.delete(request.url);
    await this.#meanwhile();
    return outcome;
  }

  /** What was asked for, in order. */
  get urls(): readonly string[] {
    return this.requests.map(({ url }) => url);
  }
}

import type { Fetcher, FetchOutcome, FetchRequest } from '../../core/ports/fetcher.ts';
import type { RequestSigner } from './request-signer.ts';

/**
 * Signs what goes out over https, whoever asks for it: robots.txt and each redirect, too. The
 * headers of the signature replace those that a run was given.
 */
export class SigningFetcher implements Fetcher {
  readonly #fetcher: Fetcher;
  readonly #signer: RequestSigner;

  constructor(fetcher: Fetcher, signer: RequestSigner) {
    this.#fetcher = fetcher;
    this.#signer = signer;
  }

  fetch(request: FetchRequest): Promise<FetchOutcome> {
    const signature = this.#signer.headersFor(request.url);
    if (signature === undefined) return this.#fetcher.fetch(request);
    return this.#fetcher.fetch({ ...request, headers: { ...request.headers, ...signature } });
  }
}

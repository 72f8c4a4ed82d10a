import type {
  ExchangeHead,
  FetchOutcome,
  FetchRequest,
  Headers,
} from '../../core/ports/fetcher.ts';
import type { Connection } from './connection.ts';
import { type Content, contentOf, NO_CONTENT } from './content.ts';
import { headOf, type SentRequest } from './exchange-head.ts';
import { flatHeaders } from './flat-headers.ts';
import type { failureOf } from './network-failure.ts';

type Asked = Pick<Connection, 'publicAddress'> | undefined;
type NodeHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What has come so far of the answer to one request, and what it is worth to whoever asked. */
export class Answer {
  readonly #request: FetchRequest;
  readonly #sent: SentRequest;
  #httpStatus: number | undefined;
  #head: ExchangeHead | undefined;
  headers: Headers = {};
  content: Content = NO_CONTENT;
  /** Bytes of its body that came. */
  bytes = 0;

  constructor(request: FetchRequest, sent: SentRequest) {
    this.#request = request;
    this.#sent = sent;
  }

  /** Its head came. */
  begin(
    status: { readonly code: number; readonly text?: string },
    headers: NodeHeaders,
    rawHeaders: Parameters<typeof headOf>[2],
  ): void {
    this.#httpStatus = status.code;
    this.headers = flatHeaders(headers);
    if (this.#request.keepsHead === true) this.#head = headOf(this.#sent, status, rawHeaders);
    this.content = contentOf(status.code, this.headers);
  }

  /** Whether its head came. */
  get isAnswered(): boolean {
    return this.#httpStatus !== undefined;
  }

  /** Whether its body is of use. */
  get isWanted(): boolean {
    const { kind } = this.content;
    return (
      kind === 'whole' ||
      (kind === 'none' && this.#request.mayCut === true && isSuccess(this.#httpStatus))
    );
  }

  /** The status says it all: what happens to the rest of the answer changes nothing. */
  get isSettled(): boolean {
    return this.isAnswered && !this.isWanted;
  }

  failed(failure: ReturnType<typeof failureOf>): FetchOutcome {
    const contentType = this.headers['content-type'];
    return { kind: 'failed', ...failure, httpStatus: this.#httpStatus, contentType };
  }

  withoutBody(connection: Asked): FetchOutcome {
    return { kind: 'no-body', ...this.#facts(connection) };
  }

  withBody(connection: Asked, body: Uint8Array, release: () => void): FetchOutcome {
    return { kind: 'body', ...this.#facts(connection), body, release };
  }

  #facts(connection: Asked) {
    const { headers } = this;
    const publicAddress = connection?.publicAddress;
    return { httpStatus: this.#httpStatus ?? 0, headers, publicAddress, head: this.#head };
  }
}

function isSuccess(httpStatus = 0): boolean {
  return httpStatus >= 200 && httpStatus < 300;
}

import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from '../../local/emulators/emulators.ts';

/** The services that fail. */
export type Failing = 'sqs' | 'dynamodb';

/** What a service answers while it fails; `lost` is carried out, and nobody is told. */
interface Failure {
  readonly status: number;
  readonly code: string;
  readonly lost: boolean;
}

const INTERNAL = { status: 500, code: 'InternalServerError', lost: false } as const;

/** In turn, as AWS has them. A lost receive would only be waited out, so none is lost of SQS. */
const FAILURES = {
  dynamodb: [
    { status: 400, code: 'ProvisionedThroughputExceededException', lost: false },
    INTERNAL,
    { ...INTERNAL, lost: true },
    { status: 400, code: 'ThrottlingException', lost: false },
  ],
  sqs: [INTERNAL, { status: 400, code: 'RequestThrottled', lost: false }],
} as const satisfies Record<Failing, readonly Failure[]>;

/** A server before the emulators, which fails when it is told to, and recovers by itself. */
export class FailingServices {
  url = '';
  /** Requests that failed, by service and code. */
  readonly failures: Record<string, number> = {};
  readonly #urls: Readonly<Record<Failing, string>>;
  readonly #left: Record<Failing, number> = { sqs: 0, dynamodb: 0 };
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((asked, answer) => {
    this.#serve(asked, answer).catch(() => answer.destroy());
  });
  #turn = 0;

  constructor(urls: Readonly<Record<Failing, string>>) {
    this.#urls = urls;
  }

  async listen(): Promise<void> {
    this.url = await listen(this.#server);
  }

  /** From now on the next `requests` to a service fail. */
  fail(service: Failing, requests: number): void {
    this.#left[service] += requests;
  }

  /** Whether an outage is still on. */
  get isFailing(): boolean {
    return this.#left.sqs > 0 || this.#left.dynamodb > 0;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const target = String(asked.headers['x-amz-target']);
    const service = target.startsWith('DynamoDB') ? 'dynamodb' : 'sqs';
    const body = await buffer(asked);
    const failure = this.#failureOf(service);
    if (failure === undefined || failure.lost) {
      const carriedOut = await this.#pass(service, asked, body);
      if (failure === undefined) {
        answer.writeHead(carriedOut.statusCode ?? 500, carriedOut.headers);
        carriedOut.pipe(answer);
        return;
      }
      await buffer(carriedOut);
    }
    const { status, code } = failure;
    answer.writeHead(status, {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-errortype': code,
    });
    answer.end(JSON.stringify({ __type: `com.amazon.coral.service#${code}`, message: code }));
  }

  #failureOf(service: Failing): Failure | undefined {
    if (this.#left[service] === 0) return undefined;
    this.#left[service] -= 1;
    this.#turn += 1;
    const failure = FAILURES[service][this.#turn % FAILURES[service].length] ?? INTERNAL;
    const name = `${service} ${failure.lost ? 'lost' : failure.code}`;
    this.failures[name] = (this.failures[name] ?? 0) + 1;
    return failure;
  }

  #pass(service: Failing, { method, url, headers }: IncomingMessage, body: Buffer) {
    return new Promise<IncomingMessage>((resolve, reject) => {
      const options = { method, path: url, headers, agent: this.#agent };
      request(this.#urls[service], options, resolve).once('error', reject).end(body);
    });
  }
}

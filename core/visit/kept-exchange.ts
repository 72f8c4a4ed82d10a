import type { Status } from '../model/outcome.ts';
import type { Facts, KeptExchange } from '../model/result.ts';
import type { RunSettings } from '../model/run.ts';
import type { FetchOutcome } from '../ports/fetcher.ts';
import { withoutCredential } from './credential-url.ts';

/** Fields of requests that a run may be given and that are no secret. */
const OPEN: ReadonlySet<string> = new Set(['accept', 'accept-language', 'referer', 'user-agent']);
/** Fields that are a secret whoever adds them. */
const SECRET = ['authorization', 'cookie', 'proxy-authorization'];
/** Stands for a value that is not kept. */
const HIDDEN = '(not recorded)';

/**
 * An exchange as the result of its target keeps it; undefined where its head was not asked for.
 * `atMs` is when it ended, in milliseconds since 1970.
 */
export function keptExchange(
  url: string,
  outcome: FetchOutcome,
  atMs: number,
  { headers = [] }: Pick<RunSettings, 'headers'>,
): KeptExchange | undefined {
  if (outcome.kind === 'failed' || outcome.head === undefined) return undefined;
  const { request, response, protocol } = outcome.head;
  const given = headers.map(({ name }) => name.toLowerCase()).filter((name) => !OPEN.has(name));
  return {
    url: hidden(url),
    at: new Date(atMs).toISOString(),
    request: withoutValues(request, new Set([...SECRET, ...given])),
    response: response.split('\r\n').map(hidden).join('\r\n'),
    address: outcome.publicAddress,
    http2: protocol === 'h2' ? true : undefined,
  };
}

function withoutValues(head: string, names: ReadonlySet<string>): string {
  const [first = '', ...lines] = head.split('\r\n');
  const shown = lines.map((line) => {
    const name = line.slice(0, line.indexOf(':'));
    return names.has(name.toLowerCase()) ? `${name}: ${HIDDEN}` : hidden(line);
  });
  return [first.split(' ').map(hidden).join(' '), ...shown].join('\r\n');
}

/** A URL, or a field that ends with one, without the values of a signature; in octets, as heads are. */
function hidden(text: string): string {
  return withoutCredential(text).replaceAll('\u2026', '-');
}

/** The facts of a target with its exchanges, where something of it was kept: of others nothing is archived. */
export function withExchanges(
  facts: Facts,
  { status }: { readonly status: Status },
  exchanges: readonly KeptExchange[],
): Facts {
  return exchanges.length === 0 || status !== 'succeeded' ? facts : { ...facts, exchanges };
}

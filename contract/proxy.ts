import * as z from 'zod';

/** A proxy as it was named; what is to be shown of it has no credentials. */
export interface ProxyAddress {
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** For `Proxy-Authorization`; absent where the URL has no credentials. */
  readonly authorization?: string;
  /** For messages: `http://host:port`. */
  readonly shown: string;
}

/** A proxy, or what is wrong with its name; the problem never holds what may be a password. */
export type ParsedProxy =
  | { readonly kind: 'proxy'; readonly proxy: ProxyAddress }
  | { readonly kind: 'bad'; readonly problem: string };

/** Reads `http://user:password@host:port`, also without the scheme, as curl does. */
export function parseProxy(text: string): ParsedProxy {
  const [, scheme = 'http'] = /^([a-z][a-z\d+.-]*):\/\//i.exec(text) ?? [];
  if (/^socks/i.test(scheme)) return bad('SOCKS proxies are not supported, only HTTP proxies');
  if (/^https$/i.test(scheme)) return bad('a proxy is spoken to over http://, not https://');
  if (!/^http$/i.test(scheme)) return bad(EXPECTED);
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null || url.hostname === '' || url.search !== '' || url.pathname !== '/')
    return bad(EXPECTED);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? 80 : Number(url.port);
  const shown = `http://${url.hostname}:${port}`;
  if (url.username === '' && url.password === '')
    return { kind: 'proxy', proxy: { hostname, port, shown } };
  try {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    return { kind: 'proxy', proxy: { hostname, port, authorization, shown } };
  } catch {
    return bad('credentials with a stray %: write it as %25');
  }
}

const EXPECTED = 'expected a URL like http://proxy.example:3128';

function bad(problem: string): ParsedProxy {
  return { kind: 'bad', problem };
}

/** The URL of an HTTP proxy. */
export const proxyUrl = z.string().superRefine((text, context) => {
  const parsed = parseProxy(text);
  if (parsed.kind === 'bad') context.addIssue({ code: 'custom', message: parsed.problem });
});

/** Through which proxies sites are asked: by the scheme of their URLs, and for which hosts not. */
export const proxySettings = z.object({
  http: proxyUrl.optional(),
  https: proxyUrl.optional(),
  /** As in NO_PROXY: names with all below them, addresses and ranges, `*`; comma or space between. */
  no: z.string().optional(),
});

/** Through which proxies sites are asked. */
export type ProxySettings = z.output<typeof proxySettings>;

import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type ProxyAddress, type ProxySettings, parseProxy } from '../../contract/proxy.ts';

/** Where a connection is wanted; an empty port is the protocol's own. */
interface Target {
  readonly protocol: string;
  /** Without brackets. */
  readonly hostname: string;
  readonly port: string;
}

/** Decides through which proxy a host is reached, as curl does by the usual variables. */
export class ProxyRules {
  readonly #http: ProxyAddress | undefined;
  readonly #https: ProxyAddress | undefined;
  readonly #exceptions: readonly string[];

  /** @throws Error for a URL that `proxySettings` would refuse */
  constructor({ http, https, no = '' }: ProxySettings) {
    this.#http = http === undefined ? undefined : addressOf(http);
    this.#https = https === undefined ? undefined : addressOf(https);
    this.#exceptions = no
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((entry) => entry !== '');
  }

  /** The proxy for a connection; undefined where it goes straight to the host. */
  proxyFor({ protocol, hostname, port }: Target): ProxyAddress | undefined {
    const proxy = protocol === 'https:' ? this.#https : this.#http;
    if (proxy === undefined) return undefined;
    const name = hostname.replace(/\.$/, '').toLowerCase();
    const number = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
    return this.#exceptions.some((entry) => isExcepted(entry, name, number)) ? undefined : proxy;
  }
}

function addressOf(text: string): ProxyAddress {
  const parsed = parseProxy(text);
  if (parsed.kind === 'bad') throw new Error(parsed.problem);
  return parsed.proxy;
}

function isExcepted(entry: string, name: string, port: string): boolean {
  if (entry === '*') return true;
  const [, host = entry, onlyPort = port] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== port) return false;
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(name) !== 0) return isSameAddress(bare, name);
  const domain = bare.replace(/^\*?\./, '');
  return name === domain || name.endsWith(`.${domain}`);
}

/** An address is excepted by itself in any spelling, or by a range that it lies in. */
function isSameAddress(entry: string, address: string): boolean {
  const asked = ipaddr.parse(address);
  try {
    const [range, bits] = ipaddr.parseCIDR(
      entry.includes('/') ? entry : `${entry}/${asked.kind() === 'ipv4' ? 32 : 128}`,
    );
    return range.kind() === asked.kind() && asked.match(range, bits);
  } catch {
    return false;
  }
}

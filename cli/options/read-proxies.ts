import { type ProxySettings, parseProxy } from '../../contract/proxy.ts';
import { CommandError } from '../command-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Through which proxies sites are asked: `--proxy`, or the usual variables, of which those in lower
 * case come first, as for curl. NO_PROXY counts for both. @throws CommandError that names what is
 * wrong, and never a password
 */
export function readProxies(
  { stack, proxy }: { readonly stack?: string; readonly proxy?: string },
  environment: Environment = {},
): ProxySettings | undefined {
  // The proxy of a stack is a setting of its own.
  if (stack !== undefined) return undefined;
  if (proxy === 'none') return {};
  const no = firstSet(['no_proxy', 'NO_PROXY'], environment)?.value;
  if (proxy !== undefined) {
    check('--proxy', proxy);
    return { http: proxy, https: proxy, no };
  }
  const http = readVariable('http', environment);
  const https = readVariable('https', environment);
  return http === undefined && https === undefined ? undefined : { http, https, no };
}

function readVariable(scheme: 'http' | 'https', environment: Environment): string | undefined {
  const upper = `${scheme.toUpperCase()}_PROXY`;
  const found = firstSet([`${scheme}_proxy`, upper, 'all_proxy', 'ALL_PROXY'], environment);
  if (found !== undefined) check(found.name, found.value, '; --proxy none leaves it out');
  return found?.value;
}

/** The first of the variables that is set to something. */
function firstSet(names: readonly string[], environment: Environment) {
  for (const name of names) {
    const value = environment[name]?.trim();
    if (value !== undefined && value !== '') return { name, value };
  }
  return undefined;
}

function check(name: string, text: string, more = ''): void {
  const parsed = parseProxy(text);
  if (parsed.kind === 'bad') throw new CommandError(`${name}: ${parsed.problem}${more}`);
}

import { parseUrl } from '../../core/model/canonical-url.ts';
import { CommandError } from '../command-error.ts';

/** A host as URLs name it, of a name, a name with its port, `*.` and a name, or a URL. @throws CommandError */
export function readHost(text: string): string {
  const isAbove = text.startsWith('*.');
  const name = isAbove ? text.slice(2) : text;
  const url = /^https?:\/\//i.test(name) ? name : `https://${name}/`;
  const parsed = /[\s/?#@*]/.test(name) && url !== name ? undefined : parseUrl(url);
  if (parsed?.kind !== 'url' || (isAbove && url === name))
    throw new CommandError(
      'expected a host such as example.com, example.com:8080 or *.example.com',
    );
  return isAbove ? `*.${parsed.host}` : parsed.host;
}

import { safePath } from './safe-path.ts';

/** The parts of a URL that names are made of. */
export interface UrlParts {
  readonly host: string;
  /** Folders of its path, decoded. */
  readonly folders: readonly string[];
  /** The last part of its path without an ending of its own, decoded; with the query where there is one. */
  readonly name: string;
}

/** Takes a URL apart; what is no http(s) URL has a host that says so. */
export function partsOf(url: string): UrlParts {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.host === '') return { host: 'no-host', folders: [], name: 'image' };
  const { host, pathname, search } = parsed;
  const parts = pathname.split('/').slice(1).map(decoded);
  const last = parts.pop() ?? '';
  const stem = last.replace(/\.[a-z0-9]{1,5}$/i, '');
  const query = search === '' ? '' : `@${decoded(search.slice(1))}`;
  return { host, folders: parts, name: `${stem === '' ? 'index' : stem}${query}` };
}

/** `host/path/name.jpg`: what a person would look for. */
export function urlName(url: string, extension: string): string {
  const { host, folders, name } = partsOf(url);
  return safePath([host, ...folders], name, `.${extension}`);
}

/** With its percent-encoding undone where that gives text. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

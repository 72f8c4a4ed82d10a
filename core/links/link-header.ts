/** One link of a `Link` header: its address as written, and its parameters by name in lower case. */
export interface HeaderLink {
  readonly href: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** No header has more that matter. */
const MAX_LINKS = 100;

const BEGINNING = /[\s,]*<([^>]*)>/y;
const PARAMETER = /\s*;\s*([\w!#$&+.^`|~*-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^\s;,"]*)))?/y;
const REST = /[^,<]*/y;

/**
 * The links of a `Link` header (RFC 8288, appendix B.2), without those that speak of another resource
 * (`anchor`). The first parameter of a name counts. Takes time linear in the length.
 */
export function headerLinks(header: string): readonly HeaderLink[] {
  const links: HeaderLink[] = [];
  let at = 0;
  const next = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (let link = next(BEGINNING); link !== null; link = next(BEGINNING)) {
    const parameters = new Map<string, string>();
    for (let match = next(PARAMETER); match !== null; match = next(PARAMETER)) {
      const [, name = '', quoted, plain = ''] = match;
      const value = quoted?.replace(/\\(.)/g, '$1') ?? plain;
      if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
    }
    if (!parameters.has('anchor')) links.push({ href: (link[1] ?? '').trim(), parameters });
    if (links.length === MAX_LINKS) break;
    next(REST);
  }
  return links;
}

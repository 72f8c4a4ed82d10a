/** Knowledge that the rules for links need and core does not have. */
export interface LinkRules {
  /** Whether two host names (no ports) belong to one registrable domain, by the public suffix list. */
  sameDomain(a: string, b: string): boolean;
  /** The registrable domain of a host name; undefined for an address, a public suffix or a single label. */
  domainOf(host: string): string | undefined;
  /** The first of the patterns that matches the URL; a pattern is a glob, or a `/regular expression/`. */
  firstMatch(patterns: readonly string[], url: string): string | undefined;
}

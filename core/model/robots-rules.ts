/** A rule about rights in a group of a robots.txt: plain JSON, to be kept and shared. */
export interface RightsRule {
  readonly signal: 'content-usage' | 'content-signal';
  /** Empty: the whole origin. */
  readonly path: string;
  /** As written, without the path. */
  readonly value: string;
}

/** A path pattern, as it is written in the file, and its first line there. */
export type RobotsRule = readonly [pattern: string, line: number];

/** What a robots.txt asks of one product token: plain JSON, to be kept and shared. */
export interface RobotsRules {
  readonly allow: readonly RobotsRule[];
  readonly disallow: readonly RobotsRule[];
  /** Asked pause between two requests, in milliseconds. */
  readonly crawlDelayMs?: number;
  /** As they are written, at most a thousand; they concern every crawler. */
  readonly sitemaps: readonly string[];
  /** What may be done with what the paths name; at most a thousand. */
  readonly rights?: readonly RightsRule[];
  /** Address of an RSL document with the terms, as it is written. */
  readonly license?: string;
}

/** What the last request for a host's robots.txt brought. */
export type RobotsAnswer =
  | { readonly kind: 'rules'; readonly rules: RobotsRules }
  /** The host has no rules: everything is allowed. */
  | { readonly kind: 'unavailable' }
  /** Its rules are not known: nothing is allowed for now. */
  | { readonly kind: 'unreachable' };

/** What is known of a host's robots.txt, and until when: plain JSON, to be kept and shared. */
export interface RobotsCopy {
  readonly answer: RobotsAnswer;
  /** When the host gave this answer, in milliseconds since 1970. */
  readonly answeredAtMs: number;
  /** From when on the host is asked again, in milliseconds since 1970. */
  readonly askAgainAtMs: number;
}

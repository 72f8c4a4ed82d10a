import { hostOf } from '../../../core/model/canonical-url.ts';

/**
 * One target that stands for the URLs of one or many hosts in a task, as its URL says it:
 *
 *     https://big-7.example/98/1/0/0/12         98 URLs of the host of rank 7
 *     https://some-12.example/61/23/9/4100/12   61 URLs of 23 hosts, of which 9 were never met; the
 *                                               slowest one takes 4.1 s
 */
export interface Bundle {
  readonly kind: BundleKind;
  readonly urls: number;
  readonly hosts: number;
  /** Hosts among them that no task before had. */
  readonly newHosts: number;
  /** How long its slowest host takes, in milliseconds. */
  readonly tookMs: number;
  /** Rank of a big host. */
  readonly rank?: number;
}

/** Of one big host, of hosts that answer, of dead hosts by what they do, of hosts that are known to be dead. */
export type BundleKind = 'big' | 'some' | 'silent' | 'unreachable' | 'known';

/** The URL of a bundle; `id` tells it apart from all others. */
export function bundleUrl(bundle: Bundle, id: number): string {
  const { kind, urls, hosts, newHosts, tookMs, rank = id } = bundle;
  const path = [urls, hosts, newHosts, Math.ceil(tookMs), id].join('/');
  return `https://${kind}-${rank}.example/${path}`;
}

/** What a URL of `bundleUrl` says. */
export function parseBundle(url: string): Bundle {
  const [kind = '', name = ''] = hostOf(url).slice(0, -'.example'.length).split('-');
  const [, , , urls = 0, hosts = 0, newHosts = 0, tookMs = 0] = url.split('/').map(Number);
  if (!isKind(kind)) throw new Error(`no bundle: ${url}`);
  const rank = kind === 'big' ? Number(name) : undefined;
  return { kind, urls, hosts, newHosts, tookMs, rank };
}

const KINDS: readonly string[] = ['big', 'some', 'silent', 'unreachable', 'known'];

function isKind(kind: string): kind is BundleKind {
  return KINDS.includes(kind);
}

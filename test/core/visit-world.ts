import { readRsl } from '../../adapters/html/read-rsl.ts';
import { PublicSuffixRules } from '../../adapters/links/public-suffix-rules.ts';
import { MemoryHostLedger } from '../../adapters/memory/memory-host-ledger.ts';
import { PLAIN_IMAGES } from '../../adapters/memory/plain-images.ts';
import { SILENT_OBSERVER } from '../../adapters/memory/silent-observer.ts';
import { Cookies } from '../../core/cookies/cookies.ts';
import { HostGate } from '../../core/hosts/host-gate.ts';
import { type Host, Hosts } from '../../core/hosts/hosts.ts';
import type { RequestLimits } from '../../core/hosts/request-limits.ts';
import { Slots } from '../../core/hosts/slots.ts';
import type { RunSettings } from '../../core/model/run.ts';
import type { Statement } from '../../core/model/statement.ts';
import type { Target } from '../../core/model/task.ts';
import { RightsPolicy } from '../../core/policies/rights-policy.ts';
import { RobotsPolicy } from '../../core/policies/robots-policy.ts';
import type { FetchOutcome } from '../../core/ports/fetcher.ts';
import type { OnImage } from '../../core/ports/hooks.ts';
import type { Inspection } from '../../core/ports/images.ts';
import { type VisitPorts, visit } from '../../core/visit/visit.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { aRun } from '../worker/records.ts';
import { ScriptedFetcher } from './scripted-fetcher.ts';

export const TARGET = 'http://a.test/start';

/** What every image is here. */
export const SHAPE = { format: 'png', width: 2, height: 1, frames: 3, orientation: 6 } as const;

interface Plan {
  readonly settings?: Partial<RunSettings>;
  readonly limits?: Partial<RequestLimits>;
  readonly ports?: Partial<VisitPorts>;
  readonly onImage?: OnImage;
  /** What the metadata of every image says of rights. */
  readonly inFile?: readonly Statement[];
  /** What every request takes, in milliseconds. */
  readonly latencyMs?: number;
}

const NO_LIMITS = {
  notAfterMs: Number.POSITIVE_INFINITY,
  isCancelled: async () => false,
  budget: { round: 'run-1 0', attempts: 3 },
};

/** Bytes that begin with `img` are images here, and with `cut` broken ones. */
function inspect(bytes: Uint8Array, rights: readonly Statement[]): Inspection {
  const text = new TextDecoder().decode(bytes);
  if (text.startsWith('img')) return { kind: 'image', facts: SHAPE, rights };
  if (text.startsWith('cut')) return { kind: 'corrupt', format: 'png', detail: 'no end' };
  return { kind: 'not-an-image', detail: 'a page' };
}

const rules = new PublicSuffixRules();

/** What one visit needs, with a script for the network. */
export function visitWorld(script: Readonly<Record<string, FetchOutcome>>, plan: Plan = {}) {
  const { latencyMs = 0, settings = {}, limits = {}, inFile = [] } = plan;
  const clock = new VirtualClock();
  const fetcher = new ScriptedFetcher(script, () => clock.sleep(latencyMs));
  const hosts = new Hosts(clock);
  const ledger = new MemoryHostLedger();
  const gate = new HostGate({
    clock,
    hosts,
    slots: new Slots(100),
    fetcher,
    ledger,
    observer: SILENT_OBSERVER,
    random: () => 0.5,
  });
  const robots = new RobotsPolicy({ clock, gate });
  const keepHost = ({ name, record }: Host) => ledger.keep(name, record);
  const keepHostNow = async (host: Host) => keepHost(host);
  const usual: RequestLimits = { ...NO_LIMITS, keeper: { keepHost, keepHostNow } };
  const stored: string[] = [];
  const ports: VisitPorts = {
    clock,
    gate,
    robots,
    rights: new RightsPolicy({ clock, gate, readRsl }),
    cookies: new Cookies(clock, (host) => rules.domainOf(host)),
    inspectImage: (bytes) => inspect(bytes, inFile),
    imageStore: {
      put: async (_, { sha256 }) => {
        stored.push(sha256);
        return { file: `images/${sha256}` };
      },
    },
    ...PLAIN_IMAGES,
    onImage: plan.onImage ?? PLAIN_IMAGES.onImage,
    ...plan.ports,
  };
  const go = async (target: Target = { url: TARGET }) => {
    const visiting = visit(target, aRun([], settings), { ...usual, ...limits }, ports);
    visiting.catch(() => {}); // thrown to the caller at the end
    await clock.runUntilIdle();
    return visiting;
  };
  return { clock, fetcher, hosts, ledger, robots, stored, go };
}

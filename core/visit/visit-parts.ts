import { Cookies } from '../cookies/cookies.ts';
import type { HostGate } from '../hosts/host-gate.ts';
import { RightsPolicy } from '../policies/rights-policy.ts';
import { RobotsPolicy } from '../policies/robots-policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { LinkRules } from '../ports/link-rules.ts';
import type { ReadRsl } from '../ports/read-rsl.ts';

/** Dependencies of what visits share. */
export interface VisitPartsPorts {
  readonly clock: Clock;
  readonly gate: HostGate;
  readonly linkRules: LinkRules;
  readonly readRsl: ReadRsl;
}

/** What all visits of a worker share. */
export function createVisitParts({ clock, gate, linkRules, readRsl }: VisitPartsPorts) {
  return {
    robots: new RobotsPolicy({ clock, gate }),
    rights: new RightsPolicy({ clock, gate, readRsl }),
    cookies: new Cookies(clock, (host) => linkRules.domainOf(host)),
  };
}

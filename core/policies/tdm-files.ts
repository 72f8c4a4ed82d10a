import type { HostGate } from '../hosts/host-gate.ts';
import type { Host } from '../hosts/hosts.ts';
import type { RequestLimits } from '../hosts/request-limits.ts';
import type { Run } from '../model/run.ts';
import type { TdmStatement } from '../model/tdm-rules.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadyTdm } from '../rights/ready-tdm.ts';
import { MAX_TDMREP_BYTES, parseTdmRep, TDMREP_PATH } from '../rights/tdmrep.ts';
import { fetchRightsFile, type NotExchanged } from './fetch-rights-file.ts';

/** A file is asked for again after this time, in milliseconds, whatever came. */
const TDM_FRESH_MS = 24 * 60 * 60 * 1000;

/** Dependencies of TdmFiles. */
export interface TdmFilesPorts {
  readonly clock: Clock;
  readonly gate: HostGate;
}

/** Asks every origin for its tdmrep.json once a day; a file that does not come says nothing. */
export class TdmFiles {
  readonly #ports: TdmFilesPorts;
  readonly #asking = new Map<string, Promise<ReadyTdm | NotExchanged>>();

  constructor(ports: TdmFilesPorts) {
    this.#ports = ports;
  }

  /** What the file of its origin, at that host, says of a URL. Rejects on infrastructure errors. */
  async about(
    url: string,
    origin: string,
    host: Host,
    run: Run,
    limits: RequestLimits,
  ): Promise<{ readonly kind: 'known'; readonly said: TdmStatement } | NotExchanged> {
    const kept = host.tdm(schemeOf(origin));
    const isFresh = kept !== undefined && kept.copy.askAgainAtMs > this.#ports.clock.now();
    const known = isFresh ? kept : await this.#know(origin, host, run, limits);
    return 'copy' in known ? { kind: 'known', said: known.rules.about(url) } : known;
  }

  /** All targets of an origin wait for one request. */
  #know(
    origin: string,
    host: Host,
    run: Run,
    limits: RequestLimits,
  ): Promise<ReadyTdm | NotExchanged> {
    const asked = this.#asking.get(origin);
    if (asked !== undefined) return asked;
    const asking = this.#ask(origin, host, run, limits).finally(() => this.#asking.delete(origin));
    this.#asking.set(origin, asking);
    return asking;
  }

  async #ask(
    origin: string,
    host: Host,
    run: Run,
    limits: RequestLimits,
  ): Promise<ReadyTdm | NotExchanged> {
    const { gate, clock } = this.#ports;
    const file = {
      url: `${origin}${TDMREP_PATH}`,
      accept: 'application/json,*/*;q=0.1',
      maxBytes: MAX_TDMREP_BYTES,
      read: (bytes: Uint8Array) => parseTdmRep(new TextDecoder().decode(bytes)),
    };
    const fetched = await fetchRightsFile(file, run, limits, gate);
    if (fetched.kind !== 'asked') return fetched;
    const { value: rules = [] } = fetched;
    const ready = host.keepTdm(schemeOf(origin), {
      rules,
      askAgainAtMs: clock.now() + TDM_FRESH_MS,
    });
    limits.keeper.keepHost(host);
    return ready;
  }
}

/** A host may serve two schemes, each with a file of its own. */
function schemeOf(origin: string): string {
  return origin.slice(0, origin.indexOf(':'));
}

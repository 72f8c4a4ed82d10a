import type { HostPace } from '../../core/host-lane.ts';
import type { HostLedger } from '../../core/ports/ledger.ts';
import type { RobotsCopy } from '../../core/robots/robots-copy.ts';

/** Hosts in memory. */
export class MemoryHostLedger implements HostLedger {
  readonly #paces = new Map<string, HostPace>();
  readonly #robots = new Map<string, RobotsCopy>();

  /** How a host is to be approached. */
  pace(host: string): HostPace | undefined {
    return this.#paces.get(host);
  }

  async keepPace(host: string, pace: HostPace): Promise<void> {
    this.#paces.set(host, { ...pace });
  }

  async readRobots(origin: string, productToken: string): Promise<RobotsCopy | undefined> {
    return this.#robots.get(`${origin} ${productToken}`);
  }

  async keepRobots(origin: string, productToken: string, copy: RobotsCopy): Promise<void> {
    this.#robots.set(`${origin} ${productToken}`, copy);
  }
}

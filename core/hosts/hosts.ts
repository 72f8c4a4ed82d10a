import type { HostRecord } from '../model/host-record.ts';
import type { Reason } from '../model/outcome.ts';
import type { RobotsCopy } from '../model/robots-rules.ts';
import type { TdmCopy } from '../model/tdm-rules.ts';
import type { Clock } from '../ports/clock.ts';
import { isSharedTdm, type ReadyTdm, readyTdm } from '../rights/ready-tdm.ts';
import { RightsRules } from '../rights/rights-rules.ts';
import { RobotsMatcher } from '../robots/robots-matcher.ts';
import { HostLane } from './host-lane.ts';
import { RateLimit } from './rate-limit.ts';

/** Hosts kept, at least, before those are looked for that became idle. */
const MANY_HOSTS = 10_000;
/** Rules of robots.txt kept, over all hosts, before idle hosts are forgotten. */
const MANY_RULES = 200_000;

/** A copy of a robots.txt with its rules made ready. */
export interface ReadyRobots {
  readonly copy: RobotsCopy;
  readonly matcher?: RobotsMatcher;
  /** What it says of rights, where it says anything. */
  readonly rights?: RightsRules;
  /** Why it did not come, where it is unreachable. */
  readonly failure?: { readonly reason: Reason; readonly detail: string };
}

/** A host as this worker knows it. */
export class Host {
  readonly name: string;
  readonly lane: HostLane;
  /** Whether its record was read from the ledger, so that nothing there is newer. */
  isRead = false;
  /** Until when the host is reserved in the ledger, in milliseconds since 1970. */
  reservedUntilMs = 0;
  readonly #robots = new Map<string, ReadyRobots>();
  readonly #tdm = new Map<string, ReadyTdm>();
  readonly #onRules: (change: number) => void;

  /** Tells by how many the rules of its robots.txt change, and the requests that it could have under way. */
  constructor(
    name: string,
    clock: Clock,
    onRules: (change: number) => void,
    onDemand: (change: number) => void,
  ) {
    this.name = name;
    this.lane = new HostLane(clock, onDemand);
    this.#onRules = onRules;
  }

  /** Takes over what another worker learned. */
  learn(record: HostRecord): void {
    this.isRead = true;
    this.lane.learn(record);
    for (const [name, copy] of Object.entries(record.robots)) {
      const known = this.#robots.get(name)?.copy;
      if (known === undefined || known.askAgainAtMs < copy.askAgainAtMs)
        this.keepRobots(name, copy);
    }
    for (const [scheme, copy] of Object.entries(record.tdm ?? {})) {
      const known = this.#tdm.get(scheme)?.copy;
      if (known === undefined || known.askAgainAtMs < copy.askAgainAtMs) this.keepTdm(scheme, copy);
    }
  }

  robots(name: string): ReadyRobots | undefined {
    return this.#robots.get(name);
  }

  keepRobots(name: string, copy: RobotsCopy, failure?: ReadyRobots['failure']): ReadyRobots {
    const before = this.#robots.get(name);
    this.#onRules(rulesIn(copy) - (before === undefined ? 0 : rulesIn(before.copy)));
    const { answer } = copy;
    const matcher = answer.kind === 'rules' ? new RobotsMatcher(answer.rules) : undefined;
    const ready = { copy, matcher, rights: rightsOf(copy), failure };
    this.#robots.set(name, ready);
    return ready;
  }

  /** Its tdmrep.json of a scheme. */
  tdm(scheme: string): ReadyTdm | undefined {
    return this.#tdm.get(scheme);
  }

  keepTdm(scheme: string, copy: TdmCopy): ReadyTdm {
    this.#onRules(copy.rules.length - (this.#tdm.get(scheme)?.copy.rules.length ?? 0));
    const ready = readyTdm(copy);
    this.#tdm.set(scheme, ready);
    return ready;
  }

  /** Rules of its robots.txt and tdmrep.json, as a measure of memory. */
  get rules(): number {
    const mining = [...this.#tdm.values()].reduce((sum, { copy }) => sum + copy.rules.length, 0);
    return [...this.#robots.values()].reduce((sum, { copy }) => sum + rulesIn(copy), mining);
  }

  /** What is kept of it for other workers. */
  get record(): HostRecord {
    const copies = [...this.#robots].map(([name, { copy }]) => [name, copy] as const);
    const lane = this.lane.record;
    const nextStartMs = Math.max(lane.nextStartMs, this.reservedUntilMs);
    const record = { ...lane, nextStartMs, robots: Object.fromEntries(copies) };
    const shared = [...this.#tdm].flatMap(([scheme, { copy }]) =>
      isSharedTdm(copy) ? [[scheme, copy] as const] : [],
    );
    return shared.length === 0 ? record : { ...record, tdm: Object.fromEntries(shared) };
  }
}

/** The hosts of a worker. Bounded: a worker lives long and meets many. */
export class Hosts {
  readonly #clock: Clock;
  readonly #hosts = new Map<string, Host>();
  readonly #rates = new Map<string, RateLimit>();
  #rules = 0;
  #demand = 0;
  #many = MANY_HOSTS;
  #manyRules = MANY_RULES;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Hosts that are remembered. */
  get size(): number {
    return this.#hosts.size;
  }

  /** Requests that could be under way now, if there were slots for all of them. */
  get demand(): number {
    return this.#demand;
  }

  /** The host of that name, new when it was not met before. */
  get(name: string): Host {
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    if (this.#hosts.size >= this.#many || this.#rules >= this.#manyRules) this.#forgetIdle();
    const onRules = (change: number) => {
      this.#rules += change;
    };
    const onDemand = (change: number) => {
      this.#demand += change;
    };
    const host = new Host(name, this.#clock, onRules, onDemand);
    this.#hosts.set(name, host);
    return host;
  }

  /** The rate that hosts at one address share, where they do. */
  rateAt(address: string): RateLimit {
    const known = this.#rates.get(address);
    if (known !== undefined) return known;
    const rate = new RateLimit();
    this.#rates.set(address, rate);
    return rate;
  }

  /** Takes over what other workers left of these hosts; one without a record is known to have none. */
  learn(names: Iterable<string>, records: ReadonlyMap<string, HostRecord>): void {
    for (const name of names) {
      const host = this.get(name);
      const record = records.get(name);
      if (record !== undefined) host.learn(record);
      host.isRead = true;
    }
  }

  #forgetIdle(): void {
    this.#rules = 0;
    const nowMs = this.#clock.now();
    for (const [address, { nextMs }] of this.#rates)
      if (nextMs < nowMs) this.#rates.delete(address);
    for (const [name, host] of this.#hosts) {
      if (host.lane.isIdle) this.#hosts.delete(name);
      else this.#rules += host.rules;
    }
    this.#many = Math.max(MANY_HOSTS, 2 * this.#hosts.size);
    this.#manyRules = Math.max(MANY_RULES, 2 * this.#rules);
  }
}

function rulesIn({ answer }: RobotsCopy): number {
  if (answer.kind !== 'rules') return 0;
  const { allow, disallow, rights = [] } = answer.rules;
  return allow.length + disallow.length + rights.length;
}

function rightsOf({ answer }: RobotsCopy): RightsRules | undefined {
  const { rights = [] } = answer.kind === 'rules' ? answer.rules : {};
  return rights.length === 0 ? undefined : new RightsRules(rights);
}

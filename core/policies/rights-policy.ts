import type { HostGate } from '../hosts/host-gate.ts';
import type { Host } from '../hosts/hosts.ts';
import type { RequestLimits } from '../hosts/request-limits.ts';
import { hostOf, originOf } from '../model/canonical-url.ts';
import { robotsName } from '../model/host-record.ts';
import { needsTdmRep } from '../model/purpose.ts';
import type { Run } from '../model/run.ts';
import { tokenOf } from '../model/run-token.ts';
import { judgeRights, type Statement } from '../model/statement.ts';
import type { Headers } from '../ports/fetcher.ts';
import { RightsHeadReader } from '../rights/head-reader.ts';
import type { HeaderRights } from '../rights/header-statements.ts';
import type { RightsRules } from '../rights/rights-rules.ts';
import type { PlacedTdmStatement } from '../rights/tdmrep.ts';
import type { NotExchanged } from './fetch-rights-file.ts';
import { type RslAnswer, RslDocuments, type RslDocumentsPorts } from './rsl-documents.ts';
import { TdmFiles } from './tdm-files.ts';

/** What is known of the rights in a URL before it is asked for. */
export interface RightsBefore {
  readonly kind: 'known';
  readonly statements: readonly Statement[];
  /** Of the file of its origin: a header of the answer supersedes it. */
  readonly tdm?: PlacedTdmStatement;
}

const NO_STATEMENTS: RightsBefore = { kind: 'known', statements: [] };

/** Reads what hosts say of rights beside their resources: in robots.txt, tdmrep.json and documents of RSL. */
export class RightsPolicy {
  readonly #gate: HostGate;
  readonly #tdm: TdmFiles;
  readonly #rsl: RslDocuments;
  readonly #heads = new RightsHeadReader();

  constructor(ports: RslDocumentsPorts) {
    this.#gate = ports.gate;
    this.#tdm = new TdmFiles(ports);
    this.#rsl = new RslDocuments(ports);
  }

  /**
   * What is said of a URL whose robots.txt was checked; where that reserves it already, nothing more
   * is asked for. Rejects on infrastructure errors.
   */
  async before(url: string, run: Run, limits: RequestLimits): Promise<RightsBefore | NotExchanged> {
    const origin = originOf(url);
    const host = await this.#gate.know(hostOf(url));
    const { rules, license } = robotsRights(host, origin, run);
    let statements = rules?.statementsFor(url) ?? [];
    const isReserved = () => judgeRights(statements, run.settings.purposes).kind === 'reserved';
    if (license !== undefined && !isReserved()) {
      const rsl = await this.licenseOf(url, license, `${origin}/robots.txt`, run, limits);
      if (rsl.kind !== 'known') return rsl;
      if (rsl.said !== undefined) statements = [...statements, rsl.said];
    }
    if (isReserved() || !wantsTdmRep(run))
      return statements.length === 0 ? NO_STATEMENTS : { kind: 'known', statements };
    const tdm = await this.#tdm.about(url, origin, host, run, limits);
    if (tdm.kind !== 'known') return tdm;
    const { reservation, policy } = tdm.said;
    if (reservation === undefined && policy === undefined)
      return statements.length === 0 ? NO_STATEMENTS : { kind: 'known', statements };
    return { kind: 'known', statements, tdm: { where: 'tdmrep.json', ...tdm.said } };
  }

  /** What the robots.txt of its origin says of a URL, without a request. */
  async inRobots(url: string, run: Run): Promise<readonly Statement[]> {
    const host = await this.#gate.know(hostOf(url));
    const { rules } = robotsRights(host, originOf(url), run);
    return rules?.statementsFor(url) ?? [];
  }

  /** What the head of an answer says. */
  inHead(headers: Headers, run: Run): HeaderRights {
    return this.#heads.read(headers, tokenOf(run));
  }

  /** What a document of RSL says of a URL, named by `license` as it is written at `base`. */
  licenseOf(
    url: string,
    license: string,
    base: string,
    run: Run,
    limits: RequestLimits,
  ): Promise<RslAnswer> {
    return this.#rsl.about(url, license, base, run, limits);
  }
}

interface RobotsRights {
  readonly rules?: RightsRules;
  readonly license?: string;
}

const NO_RIGHTS: RobotsRights = {};

/** What the robots.txt of an origin says of rights, when it was asked for. */
function robotsRights(host: Host, origin: string, run: Run): RobotsRights {
  const ready = host.robots(robotsName(origin, tokenOf(run)));
  const answer = ready?.copy.answer;
  return answer?.kind === 'rules'
    ? { rules: ready?.rights, license: answer.rules.license }
    : NO_RIGHTS;
}

function wantsTdmRep({ settings: { tdmRep, purposes } }: Run): boolean {
  return tdmRep === true && needsTdmRep(purposes);
}

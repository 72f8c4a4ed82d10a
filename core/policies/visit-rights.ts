import type { RequestLimits } from '../hosts/request-limits.ts';
import type { Run } from '../model/run.ts';
import { tokenOf } from '../model/run-token.ts';
import { judgeRights, MAX_EVIDENCE, type Statement } from '../model/statement.ts';
import type { TdmStatement } from '../model/tdm-rules.ts';
import type { Headers } from '../ports/fetcher.ts';
import type { HeaderRights } from '../rights/header-statements.ts';
import { optOutDetail } from '../rights/opt-out.ts';
import { type PlacedTdmStatement, tdmStatement } from '../rights/tdmrep.ts';
import type { NotExchanged } from './fetch-rights-file.ts';
import type { RightsBefore, RightsPolicy } from './rights-policy.ts';
import type { RslWaiting } from './rsl-documents.ts';

/** Why a picture is not kept, with the evidence: the statement that decided comes first. */
export interface RightsRefusal {
  readonly kind: 'refused';
  readonly reason: 'reserved' | 'opted-out';
  readonly detail: string;
  readonly rights: readonly Statement[];
}

/** Whether a picture may be kept, by all that is said of it. */
export type RightsJudgement =
  | { readonly kind: 'free'; readonly rights?: readonly Statement[] }
  | RightsRefusal;

/** Judges a picture by what its file says, besides what was said of it before. */
export type JudgeFile = (inFile: readonly Statement[]) => RightsJudgement;

/** What a page says of itself in its markup. */
export interface PageSays {
  readonly mining?: TdmStatement;
  /** Address of an RSL document with its terms. */
  readonly license?: string;
}

const NO_STATEMENTS: RightsBefore = { kind: 'known', statements: [] };
const FREE: RightsJudgement = { kind: 'free' };

/** What is said of the rights in the target of one visit, from its robots.txt to its file. */
export class VisitRights {
  readonly #policy: RightsPolicy;
  readonly #run: Run;
  readonly #limits: RequestLimits;
  #before = NO_STATEMENTS;
  #license: Statement | undefined;
  /** Of the page that it is or comes in: it supersedes header and file. */
  #mining: TdmStatement | undefined;

  constructor(policy: RightsPolicy, run: Run, limits: RequestLimits) {
    this.#policy = policy;
    this.#run = run;
    this.#limits = limits;
  }

  /** Before a request: why it is not to be made, if so. Rejects on infrastructure errors. */
  async ask(url: string): Promise<RightsRefusal | NotExchanged | undefined> {
    if (this.#run.settings.ignoreRobots) return undefined;
    const before = await this.#policy.before(url, this.#run, this.#limits);
    if (before.kind !== 'known') return before;
    this.#before = before;
    const judged = this.#judge(before.statements);
    return judged.kind === 'refused' ? judged : undefined;
  }

  /** For what comes inside a page at this URL: what its robots.txt says, without a request. */
  async learnRobots(url: string): Promise<void> {
    if (this.#run.settings.ignoreRobots) return;
    const statements = await this.#policy.inRobots(url, this.#run);
    this.#before = { kind: 'known', statements };
  }

  /** After the head: reads the terms that it names, if any. Rejects on infrastructure errors. */
  async learnLicense(url: string, headers: Headers): Promise<RslWaiting | undefined> {
    if (this.#run.settings.ignoreRobots || headers['link'] === undefined) return undefined;
    const { license } = this.#headerRights(headers);
    if (license === undefined) return undefined;
    const rsl = await this.#policy.licenseOf(url, license, url, this.#run, this.#limits);
    if (rsl.kind !== 'known') return rsl;
    this.#license = rsl.said;
    return undefined;
  }

  /** After a page was read: what it says of itself. Rejects on infrastructure errors. */
  async learnPage(url: string, { mining, license }: PageSays): Promise<RslWaiting | undefined> {
    if (this.#run.settings.ignoreRobots) return undefined;
    this.#mining = mining;
    if (license === undefined) return undefined;
    const rsl = await this.#policy.licenseOf(url, license, url, this.#run, this.#limits);
    if (rsl.kind !== 'known') return rsl;
    this.#license = rsl.said;
    return undefined;
  }

  /** Judges a page by what it says of itself: its images are taken where that lets them be. */
  judgePage(): RightsJudgement {
    const mining = tdmStatement(this.#placed([]));
    return this.#judge([mining ?? [], this.#license ?? []].flat());
  }

  /** Judges by the head of an answer, its file being still to come or known as well. */
  judge(headers: Headers, inFile: readonly Statement[] = []): RightsJudgement {
    if (this.#run.settings.ignoreRobots) return FREE;
    const header = this.#headerRights(headers);
    const { statements, tdm } = this.#before;
    // Most pictures come without a word.
    const isSilent = header.statements.length + statements.length + inFile.length === 0;
    if (isSilent && !this.#license && !this.#mining) {
      if (header.tdm === undefined && tdm === undefined) return FREE;
    }
    const mining = tdmStatement(this.#placed([tdm ?? [], header.tdm ?? []].flat()));
    const license = this.#license;
    const all = [statements, header.statements, mining ?? [], license ?? [], inFile].flat();
    return this.#judge(all, headers);
  }

  /** The page speaks last. */
  #placed(before: readonly PlacedTdmStatement[]): readonly PlacedTdmStatement[] {
    return this.#mining === undefined ? before : [...before, { where: 'meta', ...this.#mining }];
  }

  #headerRights(headers: Headers): HeaderRights {
    return this.#policy.inHead(headers, this.#run);
  }

  #judge(all: readonly Statement[], headers: Headers = {}): RightsJudgement {
    if (all.length === 0) return FREE;
    const { purposes } = this.#run.settings;
    const tags = judgeRights(
      all.filter(({ signal }) => signal === 'robots-tag'),
      purposes,
    );
    const verdict = tags.kind === 'reserved' ? tags : judgeRights(all, purposes);
    if (verdict.kind === 'free') return { kind: 'free', rights: all.slice(0, MAX_EVIDENCE) };
    const { by, for: reservedFor } = verdict;
    const rights = [by, ...all.filter((one) => one !== by)].slice(0, MAX_EVIDENCE);
    if (by.signal === 'robots-tag') {
      const detail = optOutDetail(headers, tokenOf(this.#run), purposes);
      return { kind: 'refused', reason: 'opted-out', detail, rights };
    }
    const detail = `for ${reservedFor.join(', ')} by ${by.signal} (${by.where}): ${by.value}`;
    return { kind: 'refused', reason: 'reserved', detail, rights };
  }
}

import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import type { Reason } from '../../core/model/outcome.ts';
import { type Position, PURPOSES, type Purpose } from '../../core/model/purpose.ts';
import { SIGNALS, type Signal, type Statement } from '../../core/model/statement.ts';

/** Different statements that are counted one by one. */
const MAX_STATEMENTS = 10_000;

/** Targets with one end or another. */
export interface RightsCounts {
  kept: number;
  notKept: number;
}

/** What one signal says of one purpose, and of how many pictures. */
export interface RightsSum extends Readonly<RightsCounts> {
  readonly signal: Signal;
  readonly purpose: Purpose;
  readonly position: Position;
}

/** One statement as evidence: of how many pictures it was made, and one of them. */
export interface Evidence extends Statement, Readonly<RightsCounts> {
  readonly url: string;
}

const COUNTED = ['reserved', 'opted-out', 'payment-required'] as const satisfies readonly Reason[];

/** Sums up what owners said while the results of a run pass. Bounded: a run has many. */
export class RightsTally {
  readonly #sums = new Map<string, RightsCounts>();
  readonly #evidence = new Map<string, RightsCounts & { of: Statement; url: string }>();
  readonly #ends = new Map<Reason, number>();
  #kept = 0;
  #keptWithStatements = 0;
  #notListed = 0;

  add({ url, kind, status, reason, rights = [] }: ResultLine): void {
    const isKept = status === 'succeeded';
    if (isKept && kind === undefined) {
      this.#kept += 1;
      if (rights.length > 0) this.#keptWithStatements += 1;
    }
    if (reason !== null) this.#ends.set(reason, (this.#ends.get(reason) ?? 0) + 1);
    const said = new Set<string>();
    for (const one of rights) {
      this.#addEvidence(one, url, isKept);
      for (const purpose of PURPOSES) {
        const position = one.positions[purpose];
        if (position !== undefined) said.add(`${one.signal} ${purpose} ${position}`);
      }
    }
    for (const key of said) count(entryOf(this.#sums, key), isKept);
  }

  /** URLs by how they ended, as far as rights are concerned. */
  get ends() {
    const of = (reason: (typeof COUNTED)[number]) => this.#ends.get(reason) ?? 0;
    return {
      kept: this.#kept,
      keptWithStatements: this.#keptWithStatements,
      reserved: of('reserved'),
      optedOut: of('opted-out'),
      paymentRequired: of('payment-required'),
    };
  }

  /** By signal, purpose and position, in the order of their tables. */
  get sums(): readonly RightsSum[] {
    return SIGNALS.flatMap((signal) =>
      PURPOSES.flatMap((purpose) =>
        POSITIONS.flatMap((position) => {
          const counts = this.#sums.get(`${signal} ${purpose} ${position}`);
          return counts === undefined ? [] : { signal, purpose, position, ...counts };
        }),
      ),
    );
  }

  /** The statements that were made of most pictures. */
  evidence(most: number): readonly Evidence[] {
    return [...this.#evidence.values()]
      .toSorted((a, b) => b.kept + b.notKept - (a.kept + a.notKept))
      .slice(0, most)
      .map(({ of, url, kept, notKept }) => ({ ...of, url, kept, notKept }));
  }

  /** Different statements, those beyond the limit counted each time. */
  get statements(): number {
    return this.#evidence.size + this.#notListed;
  }

  #addEvidence(of: Statement, url: string, isKept: boolean): void {
    const key = `${of.signal} ${of.where} ${of.value}`;
    const known = this.#evidence.get(key);
    if (known !== undefined) count(known, isKept);
    else if (this.#evidence.size >= MAX_STATEMENTS) this.#notListed += 1;
    else this.#evidence.set(key, { of, url, kept: isKept ? 1 : 0, notKept: isKept ? 0 : 1 });
  }
}

const POSITIONS: readonly Position[] = ['reserved', 'allowed'];

function entryOf(sums: Map<string, RightsCounts>, key: string): RightsCounts {
  const known = sums.get(key);
  if (known !== undefined) return known;
  const made = { kept: 0, notKept: 0 };
  sums.set(key, made);
  return made;
}

function count(counts: RightsCounts, isKept: boolean): void {
  if (isKept) counts.kept += 1;
  else counts.notKept += 1;
}

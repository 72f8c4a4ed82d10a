import type { Positions } from '../model/purpose.ts';
import { positionFor, type Statement, statement } from '../model/statement.ts';
import type { TdmRule, TdmStatement } from '../model/tdm-rules.ts';
import { comparablePaths } from '../robots/comparable-path.ts';
import { PathPattern } from '../robots/path-pattern.ts';

/** Where the file of an origin stands (TDMRep, section "TDM File on the Origin Server"). */
export const TDMREP_PATH = '/.well-known/tdmrep.json';
/** No more of the file is read; the report sets no limit. */
export const MAX_TDMREP_BYTES = 500 * 1024;
/** No more of its rules are kept. */
const MAX_RULES = 10_000;

/** Reads the value of a header or `<meta>`; `0` and `1` only. */
export function parseReservation(value: unknown): 0 | 1 | undefined {
  const text = typeof value === 'string' ? value.trim() : value;
  if (text === 1 || text === '1') return 1;
  return text === 0 || text === '0' ? 0 : undefined;
}

/** What the `meta` elements of a page say (TDMRep, "TDM Metadata in HTML Content"); undefined when nothing. */
export function tdmOfMetas(
  metas: readonly { readonly name: string; readonly content: string }[],
): TdmStatement | undefined {
  const values = metas
    .filter(({ name }) => name === 'tdm-reservation')
    .map(({ content }) => parseReservation(content));
  // Of several a reservation holds.
  const reservation = values.find((value) => value === 1) ?? values[0];
  const policy = metas.find(({ name }) => name === 'tdm-policy')?.content.trim();
  return reservation === undefined ? undefined : { reservation, policy };
}

/**
 * Reads a tdmrep.json; undefined when the text is not valid: then the origin does not use the protocol. A
 * rule without a location or with another value is left out.
 */
export function parseTdmRep(text: string): readonly TdmRule[] | undefined {
  const parsed = parseJson(text.replace(/^\ufeff/, ''));
  if (!Array.isArray(parsed)) return undefined;
  const entries: readonly unknown[] = parsed;
  return entries.slice(0, MAX_RULES).flatMap((entry) => ruleOf(entry) ?? []);
}

function ruleOf(entry: unknown): TdmRule | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...entry };
  const location = fields['location'];
  const policy = fields['tdm-policy'];
  if (typeof location !== 'string') return undefined;
  const reservation = parseReservation(fields['tdm-reservation']);
  return {
    location,
    ...(reservation !== undefined && { reservation }),
    ...(typeof policy === 'string' && { policy }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The file of one origin, made ready to be asked about many of its URLs. */
export class TdmRules {
  readonly #rules: readonly { readonly pattern: PathPattern; readonly rule: TdmRule }[];

  constructor(rules: readonly TdmRule[]) {
    this.#rules = rules.map((rule) => ({ pattern: new PathPattern(rule.location), rule }));
  }

  /** What the first rule that matches says; nothing is set where none does. */
  about(url: string): TdmStatement {
    if (this.#rules.length === 0) return {};
    const paths = comparablePaths(url);
    const found = this.#rules.find(({ pattern }) => paths.some((path) => pattern.matches(path)));
    return found?.rule ?? {};
  }
}

/** One place where a statement can stand, with what it says. */
export interface PlacedTdmStatement extends TdmStatement {
  readonly where: string;
}

/**
 * What a resource's statements mean together: file, then header, then meta elements. A later one
 * supersedes, an absent one resets nothing (TDMRep, section "Processing Priority").
 */
export function tdmStatement(placed: readonly PlacedTdmStatement[]): Statement | undefined {
  const said = placed.findLast(({ reservation }) => reservation !== undefined);
  if (said?.reservation === undefined) return undefined;
  const policy = placed.findLast((one) => one.policy !== undefined)?.policy;
  const value = `tdm-reservation: ${said.reservation}${policy === undefined ? '' : `, tdm-policy: ${policy}`}`;
  return statement('tdmrep', said.where, value, POSITIONS[said.reservation]);
}

/** Mining includes what models are trained on and asked with. */
const POSITIONS: Readonly<Record<0 | 1, Positions>> = {
  0: positionFor('allowed', ['tdm']),
  1: positionFor('reserved', ['tdm', 'train', 'ai-input']),
};

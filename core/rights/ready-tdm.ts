import type { TdmCopy } from '../model/tdm-rules.ts';
import { TdmRules } from './tdmrep.ts';

/** A copy with its rules made ready. */
export interface ReadyTdm {
  readonly copy: TdmCopy;
  readonly rules: TdmRules;
}

/** Limits of a copy that is shared with other workers. */
const MAX_SHARED_RULES = 200;
const MAX_SHARED_CHARACTERS = 20_000;

/** Makes a copy ready to be asked. */
export function readyTdm(copy: TdmCopy): ReadyTdm {
  return { copy, rules: new TdmRules(copy.rules) };
}

/** Whether a copy is small enough for the record of its host; a longer one is asked for by each worker. */
export function isSharedTdm({ rules }: TdmCopy): boolean {
  return rules.length <= MAX_SHARED_RULES && JSON.stringify(rules).length <= MAX_SHARED_CHARACTERS;
}

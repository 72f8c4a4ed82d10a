/** Uses of an image that owners reserve, and operators declare (setting `purposes`). */
export const PURPOSES = ['train', 'ai-input', 'search', 'tdm', 'keep'] as const;

/**
 * `train`: training of AI models; `ai-input`: as input of an AI model, without training; `search`:
 * a search index; `tdm`: text and data mining in general; `keep`: any copy that outlives the visit.
 */
export type Purpose = (typeof PURPOSES)[number];

/** What an owner says of one use. */
export type Position = 'allowed' | 'reserved';

/** What an owner says of uses; one that is absent is unknown. */
export type Positions = Readonly<Partial<Record<Purpose, Position>>>;

/** Purposes about which a tdmrep.json says something. */
const MINING: ReadonlySet<Purpose> = new Set(['tdm', 'train', 'ai-input']);

/** Whether a tdmrep.json can reserve one of these purposes. */
export function needsTdmRep(purposes: readonly Purpose[]): boolean {
  return purposes.some((purpose) => MINING.has(purpose));
}

/** Whether a text names a purpose. */
export function isPurpose(text: string): text is Purpose {
  return PURPOSES.some((purpose) => purpose === text);
}

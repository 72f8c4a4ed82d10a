import type { OnImage } from '../../core/ports/hooks.ts';

/** Column of the list; `HOOK_COLUMNS` in core/model/hook-columns.ts has to name it. */
const COLUMN = 'TEXT';
/** Captions of fewer words say nothing of a picture. */
const LEAST_WORDS = 3;

/** Leaves out images whose caption in the list is too short, and counts its words. */
export const onImage: OnImage = async (_, { target }) => {
  const caption = target.columns?.[COLUMN];
  const words = typeof caption === 'string' ? (caption.match(/\p{L}+/gu)?.length ?? 0) : 0;
  if (words < LEAST_WORDS) return { kind: 'skip', detail: `a caption of ${words} words` };
  return { kind: 'keep', extra: { words } };
};

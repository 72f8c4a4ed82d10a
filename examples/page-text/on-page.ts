import type { OnPage } from '../../core/ports/hooks.ts';

/** Counts the words of a page, tags and scripts left out; a page without images is left out. */
export const onPage: OnPage = async ({ bytes, images }) => {
  if (images.length === 0) return { kind: 'skip', detail: 'a page without images' };
  const markup = new TextDecoder().decode(bytes);
  const text = markup.replaceAll(/<(script|style)\b.*?<\/\1>/gis, ' ').replaceAll(/<[^>]*>/g, ' ');
  return { kind: 'keep', extra: { words: text.match(/\p{L}+/gu)?.length ?? 0 } };
};

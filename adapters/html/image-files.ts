import { LAZY_ATTRIBUTES, LAZY_SETS, lazyAddress } from '../../core/links/lazy-attributes.ts';
import { type Candidate, parseSrcset } from '../../core/links/srcset.ts';
import type { Attributes } from './markup-reader.ts';

/** The files of one image, as its elements name them. */
export interface ImageFiles {
  readonly plain: readonly string[];
  /** Those of `srcset`s, which say how large they are. */
  readonly sized: readonly Candidate[];
}

export const NO_FILES: ImageFiles = { plain: [], sized: [] };

/** What an `img` or its like names: now, and once a script has run. */
export function filesOfImage(attributes: Attributes): ImageFiles {
  const src = attributes.get('src');
  const late = lateFiles(attributes, true);
  return {
    plain: src === undefined ? late.plain : [src, ...late.plain],
    sized: [...candidatesOf(attributes.get('srcset')), ...late.sized],
  };
}

/** What a `source` of a picture names; its `src` is that of a film. */
export function filesOfSource(attributes: Attributes): ImageFiles {
  const late = lateFiles(attributes, true);
  return { ...late, sized: [...candidatesOf(attributes.get('srcset')), ...late.sized] };
}

/** What scripts load late; `isImage` where the element is an image's. */
export function lateFiles(attributes: Attributes, isImage: boolean): ImageFiles {
  const plain: string[] = [];
  const sized: Candidate[] = [];
  for (const [name, value] of attributes) {
    if (LAZY_SETS.includes(name)) sized.push(...candidatesOf(value));
    const address = LAZY_ATTRIBUTES.has(name) ? lazyAddress(name, value, isImage) : undefined;
    if (address !== undefined) plain.push(address);
  }
  return { plain, sized };
}

export function joined(one: ImageFiles, other: ImageFiles): ImageFiles {
  return { plain: [...one.plain, ...other.plain], sized: [...one.sized, ...other.sized] };
}

function candidatesOf(value: string | undefined): readonly Candidate[] {
  return value === undefined ? [] : parseSrcset(value);
}

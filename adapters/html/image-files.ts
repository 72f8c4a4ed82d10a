import { kindByName } from '../../core/links/file-names.ts';
import { type ImageFiles, NO_FILES, type PlainFile } from '../../core/links/image-files.ts';
import { lazyFiles } from '../../core/links/lazy-attributes.ts';
import { lazyName } from '../../core/links/lazy-names.ts';
import { type Candidate, parseSrcset } from '../../core/links/srcset.ts';
import type { Attributes } from './markup-reader.ts';

/** What an `img` or its like names: now, and once a script has run. */
export function filesOfImage(attributes: Attributes): ImageFiles {
  const src = attributes.get('src');
  const late = lateFiles(attributes, true);
  const sized = candidatesOf(attributes.get('srcset'));
  const width = pixelsOf(attributes.get('width'));
  if (src !== undefined && late === NO_FILES)
    return { plain: [{ url: src, rank: 'usual' }], sized, width };
  if (src === undefined) return { plain: late.plain, sized: [...sized, ...late.sized], width };
  // Until a script has run, `src` shows a stand-in.
  const isStandIn = late.sized.length > 0 || late.plain.some(({ rank }) => rank === 'usual');
  const own: PlainFile = { url: src, rank: isStandIn ? 'small' : 'usual' };
  return { plain: [own, ...late.plain], sized: [...sized, ...late.sized], width };
}

/** What a `source` of a picture names; browsers pass over its `src`, which people write all the same. */
export function filesOfSource(attributes: Attributes): ImageFiles {
  const src = attributes.get('src');
  const isImageFile = src !== undefined && kindByName(src) === 'image';
  const sized = candidatesOf(attributes.get('srcset'));
  const own: ImageFiles = { plain: isImageFile ? [{ url: src, rank: 'usual' }] : [], sized };
  const late = lateFiles(attributes, true);
  return late === NO_FILES ? own : joined(own, late);
}

/** What scripts load late; `isImage` where the element is an image's. */
export function lateFiles(attributes: Attributes, isImage: boolean): ImageFiles {
  let all = NO_FILES;
  for (const [attribute, value] of attributes) {
    const name = lazyName(attribute);
    if (name === undefined || !(isImage || name.isOnAny)) continue;
    const files = lazyFiles(name, value, isImage);
    if (files !== NO_FILES) all = all === NO_FILES ? files : joined(all, files);
  }
  return all;
}

/** Those of a picture's sources, and those of its image. */
export function joined(one: ImageFiles, other: ImageFiles): ImageFiles {
  return {
    plain: [...one.plain, ...other.plain],
    sized: [...one.sized, ...other.sized],
    width: other.width ?? one.width,
  };
}

function candidatesOf(value: string | undefined): readonly Candidate[] {
  return value === undefined ? [] : parseSrcset(value);
}

/** Of the HTML standard's `width`; a percentage is not a width. */
function pixelsOf(width: string | undefined): number | undefined {
  if (width === undefined) return undefined;
  const digits = /^\s*(\d{1,6})(?:\.\d*)?(?:px)?\s*$/.exec(width)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

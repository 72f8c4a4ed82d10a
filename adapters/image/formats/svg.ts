import { BrokenImage, unlessBroken } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import { MAX_EMBEDDED_BYTES } from '../embedded.ts';
import type { ImageFormat } from '../image-format.ts';
import { svgSize } from '../svg-size.ts';
import { asUtf8, type Root, readStartTag, rootOf, skipMisc } from '../xml-root.ts';

const WANTED: ReadonlySet<string> = new Set(['width', 'height', 'viewBox']);

const TAG_END = Buffer.from('>');

/** Close tags that are looked at from the end: comments behind the document may hold some. */
const MOST_CLOSE_TAGS = 16;

/**
 * SVG in UTF-8 or UTF-16: any document whose root element has that name, in whatever namespace. It is
 * whole when the root is closed and nothing but space and comments follow; what is between is not parsed.
 */
export const svg: ImageFormat = {
  recognise: (file) => unlessBroken(() => (isSvg(rootOf(asUtf8(file))?.name) ? 'svg' : undefined)),
  read(file) {
    const text = asUtf8(file);
    const root = rootOf(text);
    if (root === undefined) throw new BrokenImage('it has no root element');
    const tag = readStartTag(text, root, WANTED);
    if (!tag.isClosed) checkIsClosed(text, root, tag.end);
    // XMP is part of the document, in its `metadata`.
    const bytes = text.bytes(0, Math.min(text.length, MAX_EMBEDDED_BYTES));
    return { ...svgSize(tag.attributes), embedded: [{ kind: 'xmp', bytes }] };
  },
};

function isSvg(name: string | undefined): boolean {
  return name === 'svg' || name?.endsWith(':svg') === true;
}

function checkIsClosed(text: ByteReader, { name }: Root, from: number): void {
  const closeTag = Buffer.from(`</${name}`, 'latin1');
  let at = text.findLast(closeTag);
  for (let n = 0; n < MOST_CLOSE_TAGS && at >= from; n += 1) {
    if (endsAt(text, at + closeTag.length)) return;
    at = text.findLast(closeTag, at - 1);
  }
  throw new BrokenImage('its root element is not closed');
}

/** Whether a close tag ends here, and the document with it. */
function endsAt(text: ByteReader, from: number): boolean {
  const at = text.find(TAG_END, from);
  if (at === -1 || text.text(from, at - from).trim() !== '') return false;
  return skipMisc(text, at + 1) === text.length;
}

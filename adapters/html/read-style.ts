import type { DocumentBody, ReadDocument } from '../../core/ports/pages.ts';
import { beginningOf, encodingFromOutside, encodingOf } from './encodings.ts';
import { Finds } from './finds.ts';
import { MAX_IMAGES, MAX_LINKS, MAX_STYLE_BYTES } from './limits.ts';
import { readCss } from './read-css.ts';

/** How a style sheet declares its encoding, to the letter (CSS Syntax, "determine the fallback encoding"). */
const CHARSET_RULE = /^@charset "([^"]*)";/;

/** Reads a style sheet: its pictures, and the style sheets that it brings in. */
export function readStyle(body: DocumentBody): ReadDocument {
  const finds = new Finds(body.url, { images: MAX_IMAGES, links: MAX_LINKS, best: body.best });
  const bytes = body.bytes.subarray(0, MAX_STYLE_BYTES);
  if (bytes.length < body.bytes.length) finds.isCut = true;
  const encoding = encodingFromOutside(bytes, body.contentType) ?? declaredIn(bytes) ?? 'utf-8';
  readCss(new TextDecoder(encoding).decode(bytes), finds);
  return { kind: 'style', ...finds.result(false), isCut: finds.isCut };
}

function declaredIn(bytes: Uint8Array): string | undefined {
  const encoding = encodingOf(CHARSET_RULE.exec(beginningOf(bytes))?.[1]);
  // Who reads the rule byte by byte knows that it is not UTF-16.
  return encoding?.startsWith('utf-16') ? 'utf-8' : encoding;
}

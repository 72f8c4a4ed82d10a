import { hash } from 'node:crypto';

/** Longest name of a file or folder, in UTF-16 units and in bytes of UTF-8: below what any system takes. */
const MAX_UNITS = 80;
const MAX_BYTES = 200;

/** What Windows takes for a device, whatever ending it has. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?=$|[ .])/i;

/**
 * What no name may hold: characters that Windows reserves, separators, control characters, and those
 * that are not seen or turn the direction of writing.
 */
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A text as the name of one file or folder that every system takes, and that is never a step out of
 * its folder. `ending`, as in `.jpg`, is put behind it. Two texts may give the same name.
 */
export function safeSegment(text: string, ending = ''): string {
  const composed = text.toWellFormed().normalize('NFC');
  const plain = composed.replace(FORBIDDEN, '_').replaceAll('\ufffd', '_');
  // Loaders of data sets ignore hidden files and names that begin with two underscores.
  const shown = plain.trim().replace(/^\.+/, '_').replace(/^__+/, '_');
  const name = shorten(shown, text, ending);
  const trimmed = name.replace(/[. ]+$/, '');
  const free = DEVICE.test(`${trimmed}${ending}`) ? `_${trimmed}` : trimmed;
  return `${free === '' ? '_' : free}${ending}`;
}

/** Cut where it is too long, with a mark of the whole text so that cut names still differ. */
function shorten(name: string, text: string, ending: string): string {
  if (fits(`${name}${ending}`)) return name;
  const mark = `~${markOf(text)}`;
  const parts = Array.from(name);
  while (!fits(`${parts.join('')}${mark}${ending}`)) parts.length -= Math.ceil(parts.length / 16);
  return `${parts.join('')}${mark}`;
}

function fits(name: string): boolean {
  return name.length <= MAX_UNITS && Buffer.byteLength(name) <= MAX_BYTES;
}

/** Eight characters that stand for a text. */
export function markOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 8);
}

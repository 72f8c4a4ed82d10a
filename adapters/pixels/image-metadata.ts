import type { ImageMetadata } from '../../core/ports/image-work.ts';
import { METADATA_FIELDS, type MetadataField } from './metadata-fields.ts';

/** Longest text of a field that is kept, in UTF-16 units. */
const MAX_TEXT = 1000;

/** Groups that are read: maker notes, colour profiles and embedded thumbnails are left alone. */
const GROUPS = { exif: true, gps: true, iptc: true, xmp: true } as const;

/**
 * What EXIF, IPTC and XMP of an image say, as far as `METADATA_FIELDS` has names for it. Takes hostile
 * bytes: metadata that cannot be read says nothing.
 */
export async function imageMetadata(bytes: Uint8Array): Promise<ImageMetadata> {
  const { default: reader } = await import('exifreader');
  const { DOMParser } = await import('@xmldom/xmldom');
  const whole = Uint8Array.from(bytes).buffer;
  let groups: unknown;
  try {
    // It reports what it cannot read, and knows no entities but those of XML itself.
    const domParser = new DOMParser({ onError: () => {} });
    groups = reader.load(whole, { expanded: true, includeTags: GROUPS, domParser });
  } catch {
    return {};
  }
  const found = METADATA_FIELDS.flatMap((field) => {
    const value = firstOf(groups, field);
    return value === undefined ? [] : [[field.name, value] as const];
  });
  return Object.fromEntries(found);
}

function firstOf(groups: unknown, { kind, places }: MetadataField): string | number | undefined {
  for (const place of places) {
    const [group = '', name = ''] = place.split('.');
    const tag = at(at(groups, group), name);
    const value = tag === undefined ? undefined : READERS[kind](tag);
    if (value !== undefined) return value;
  }
  return undefined;
}

const READERS = { text: textOf, number: numberOf, time: timeOf };

/** A tag has its value, as the file has it, and a description for people. */
function textOf(tag: unknown): string | undefined {
  if (Array.isArray(tag)) return clean(tag.flatMap((one) => textOf(one) ?? []).join(', '));
  const value = at(tag, 'value');
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return clean(value.join(', '));
  if (typeof value === 'string') return clean(value);
  const description = at(tag, 'description');
  return typeof description === 'string' ? clean(description) : undefined;
}

/** A number, or a fraction as EXIF has it. */
function numberOf(tag: unknown): number | undefined {
  const value = typeof tag === 'number' ? tag : at(tag, 'value');
  if (typeof value === 'number') return finite(value);
  if (!Array.isArray(value)) return undefined;
  const [above, below = 1]: readonly unknown[] = value;
  return typeof above === 'number' && typeof below === 'number' ? finite(above / below) : undefined;
}

/** `2026:11:28 10:20:30` is a time of no zone, as the camera was set. */
function timeOf(tag: unknown): string | undefined {
  const text = textOf(tag);
  const parts = /^(\d{4})[:-](\d\d)[:-](\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?/.exec(text ?? '');
  if (parts === null) return undefined;
  const [, year, month, day, time] = parts;
  if (year === '0000' || month === '00') return undefined;
  return time === undefined ? `${year}-${month}-${day}` : `${year}-${month}-${day}T${time}`;
}

function at(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** Cameras fill fields up with NUL and blanks. */
function clean(text: string): string | undefined {
  const plain = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return plain === '' ? undefined : plain.slice(0, MAX_TEXT).toWellFormed();
}

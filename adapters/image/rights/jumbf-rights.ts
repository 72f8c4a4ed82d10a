import { decode } from 'cborg';
import type { Statement } from '../../../core/model/statement.ts';
import { cawgStatement } from '../../../core/rights/image-rights.ts';
import { boxes } from '../boxes.ts';
import { unlessBroken } from '../broken-image.ts';
import { ByteReader } from '../byte-reader.ts';

/** Labels of the assertion: `cawg.training-mining`, `c2pa.training-mining`, with or without a version or number. */
const LABEL = /(?:^|\.)training-mining(?:[._].*)?$/;
/** Superboxes within each other: store, manifest, assertion store, assertion; and some to spare. */
const MOST_LEVELS = 8;
/** Longest assertion that is decoded, in bytes. */
const MAX_ASSERTION_BYTES = 65_536;
/** Where the label of a description box begins: behind a UUID and the toggles (ISO/IEC 19566-5). */
const LABEL_AT = 17;

/**
 * What a C2PA manifest store says of training and mining. No signature is checked: a reservation
 * need not be authentic to be heeded, and a permission gives nothing that is not given anyway.
 */
export function jumbfRights(store: Uint8Array): readonly Statement[] {
  const found: Statement[] = [];
  unlessBroken(() => walk(new ByteReader(store), MOST_LEVELS, found));
  return found;
}

function walk(file: ByteReader, levels: number, found: Statement[]): void {
  let label = '';
  for (const { type, from, to } of boxes(file)) {
    const box = file.part(from, to);
    if (type === 'jumd') label = labelOf(box);
    else if (type === 'jumb' && levels > 0) walk(box, levels - 1, found);
    else if ((type === 'cbor' || type === 'json') && LABEL.test(label)) {
      const made = cawgStatement(entriesOf(type, box));
      if (made !== undefined) found.push(made);
    }
  }
}

function labelOf(description: ByteReader): string {
  if (description.length <= LABEL_AT) return '';
  const text = description.text(LABEL_AT, Math.min(128, description.length - LABEL_AT));
  return text.split('\0', 1)[0] ?? '';
}

/** `{ "entries": { NAME: { "use": USE } } }`; the first version had the names without `entries`. */
function entriesOf(type: 'cbor' | 'json', box: ByteReader): readonly (readonly [string, string])[] {
  if (box.length > MAX_ASSERTION_BYTES) return [];
  const assertion = decoded(type, box.bytes(0, box.length));
  const entries = fieldsOf(assertion).get('entries') ?? assertion;
  return [...fieldsOf(entries)].flatMap(([name, entry]) => {
    const use = fieldsOf(entry).get('use');
    return typeof use === 'string' ? [[name, use] as const] : [];
  });
}

function decoded(type: 'cbor' | 'json', bytes: Buffer): unknown {
  try {
    return type === 'json'
      ? JSON.parse(bytes.toString('utf8'))
      : decode(bytes, { useMaps: true, allowIndefinite: true, tags: {} });
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  if (value instanceof Map) {
    const entries: readonly (readonly [unknown, unknown])[] = [...value];
    return new Map(entries.flatMap(([key, one]) => (typeof key === 'string' ? [[key, one]] : [])));
  }
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : new Map();
}

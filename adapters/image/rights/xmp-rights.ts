import type { Statement } from '../../../core/model/statement.ts';
import { plusStatement, xmpTdmStatement } from '../../../core/rights/image-rights.ts';

/** Properties about rights: namespace, local name, and what reads its value. */
const PROPERTIES = [
  { namespace: 'http://ns.useplus.org/ldf/xmp/1.0/', name: 'DataMining', read: plusStatement },
  { namespace: 'http://www.w3.org/ns/tdmrep/', name: 'reservation', read: xmpTdmStatement },
] as const;

/** Prefixes of one namespace that are looked at. */
const MOST_PREFIXES = 8;
/** Places of one property that are looked at. */
const MOST_PLACES = 64;

/**
 * What an XMP packet says of rights. The packet is searched and not parsed: each property is an
 * attribute, an element with text, or an element with `rdf:resource` (XMP part 1, section 7), and
 * a hostile document has no tree to grow. UTF-8 and UTF-16.
 */
export function xmpRights(packet: Uint8Array): readonly Statement[] {
  const text = textOf(packet);
  return PROPERTIES.flatMap(({ namespace, name, read }) => {
    if (!text.includes(namespace)) return [];
    const values = prefixesOf(text, namespace).flatMap((prefix) => valuesOf(text, prefix, name));
    return values.flatMap((value) => read(value) ?? []);
  });
}

function textOf(packet: Uint8Array): string {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  if (bytes.indexOf('<\0', 0, 'latin1') !== -1 && bytes.indexOf('\0<', 0, 'latin1') !== -1) {
    const isLittle = bytes[0] === 0xff || (bytes[0] !== 0xfe && bytes[1] === 0);
    return new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(bytes);
  }
  return bytes.toString('utf8');
}

function prefixesOf(text: string, namespace: string): readonly string[] {
  const prefixes = new Set<string>();
  const declaration = /xmlns:([\w.-]{1,64})\s{0,16}=\s{0,16}(?:"([^"<]{0,256})"|'([^'<]{0,256})')/g;
  for (const [, prefix = '', double, single] of text.matchAll(declaration)) {
    if ((double ?? single) === namespace) prefixes.add(prefix);
    if (prefixes.size === MOST_PREFIXES) break;
  }
  return [...prefixes];
}

function valuesOf(text: string, prefix: string, name: string): readonly string[] {
  const qualified = `${prefix}:${name}`;
  const values: string[] = [];
  let at = text.indexOf(qualified);
  for (let places = 0; at !== -1 && places < MOST_PLACES; places += 1) {
    const value = valueAfter(text.slice(at + qualified.length, at + qualified.length + 512));
    if (value !== undefined) values.push(value);
    at = text.indexOf(qualified, at + qualified.length);
  }
  return values;
}

/** `="value"` of an attribute, ` rdf:resource="value"` or `>value<` of an element. */
function valueAfter(rest: string): string | undefined {
  const attribute = /^\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/.exec(rest);
  if (attribute !== null) return attribute[1] ?? attribute[2];
  const resource = /^\s[^<>]*?\bresource\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/.exec(rest);
  if (resource !== null) return resource[1] ?? resource[2];
  return /^(?:\s[^<>]*)?>\s*([^<>]+?)\s*</.exec(rest)?.[1];
}

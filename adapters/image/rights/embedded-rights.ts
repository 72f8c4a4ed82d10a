import type { Statement } from '../../../core/model/statement.ts';
import { type Embedded, MAX_EMBEDDED_BYTES } from '../embedded.ts';
import { jumbfRights } from './jumbf-rights.ts';
import { xmpRights } from './xmp-rights.ts';

const READERS = {
  xmp: xmpRights,
  jumbf: jumbfRights,
} satisfies Record<Embedded['kind'], (bytes: Uint8Array) => readonly Statement[]>;

/** What the metadata of an image says of rights; reads `MAX_EMBEDDED_BYTES` of it, and never throws. */
export function embeddedRights(all: readonly Embedded[]): readonly Statement[] {
  let left = MAX_EMBEDDED_BYTES;
  const statements: Statement[] = [];
  for (const { kind, bytes } of all) {
    if (left === 0) break;
    const part = bytes.subarray(0, left);
    left -= part.byteLength;
    statements.push(...READERS[kind](part));
  }
  return statements;
}

import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BrokenImage, unlessBroken } from '../../adapters/image/broken-image.ts';
import { ByteReader } from '../../adapters/image/byte-reader.ts';

const BYTES = Uint8Array.of(0x81, 2, 3, 4, 5, 6, 7, 0x88, 9);
const reader = () => new ByteReader(BYTES);

type Read = (file: ByteReader, at: number) => unknown;

const READS: readonly (readonly [name: string, length: number, read: Read])[] = [
  ['u8', 1, (file, at) => file.u8(at)],
  ['u16', 2, (file, at) => file.u16(at)],
  ['u24', 3, (file, at) => file.u24(at, true)],
  ['u32', 4, (file, at) => file.u32(at)],
  ['i32', 4, (file, at) => file.i32(at, true)],
  ['u64', 8, (file, at) => file.u64(at)],
  ['code', 4, (file, at) => file.code(at)],
  ['text', 3, (file, at) => file.text(at, 3)],
  ['part', 3, (file, at) => file.part(at, at + 3)],
  ['crc32', 3, (file, at) => file.crc32(at, at + 3)],
];

describe('a reader of bytes', () => {
  it('reads numbers in either byte order', () => {
    const file = reader();
    expect([file.u8(0), file.u16(0), file.u16(0, true)]).toEqual([0x81, 0x8102, 0x0281]);
    expect([file.u24(0), file.u24(0, true)]).toEqual([0x810203, 0x030281]);
    expect([file.u32(0), file.u32(0, true)]).toEqual([0x81020304, 0x04030281]);
    expect([file.i32(0), file.i32(4, true)]).toEqual([0x81020304 - 2 ** 32, 0x88070605 - 2 ** 32]);
    expect(file.u64(1)).toBe(Number(0x0203040506078809n));
    expect(file.u64(0, true)).toBe(Number(0x8807060504030281n));
  });

  it('reads text, parts and checksums', () => {
    const file = reader();
    expect([file.text(0, 2), file.code(1)]).toEqual(['\x81\x02', '\x02\x03\x04\x05']);
    expect(file.part(7).text(0, 2)).toBe('\x88\x09');
    expect(file.crc32(2, 5)).toBe(crc32(BYTES.subarray(2, 5)));
    expect([...file.bytes(7, 99)]).toEqual([0x88, 9]);
  });

  it('finds bytes from either side', () => {
    const file = new ByteReader(Buffer.from('abcabc'));
    const what = Buffer.from('bc');
    expect([file.find(what, 0), file.find(what, 2), file.find(what, 5)]).toEqual([1, 4, -1]);
    expect([file.findLast(what), file.findLast(what, 3), file.findLast(what, 0)]).toEqual([
      4, 1, -1,
    ]);
    expect([file.is(3, 'abc'), file.is(4, 'abc'), file.is(0, 'abd')]).toEqual([true, false, false]);
  });

  it.each(READS)('%s reads up to the last byte, and tells what is behind it', (_, length, read) => {
    expect(() => read(reader(), BYTES.length - length)).not.toThrow();
    for (const at of [BYTES.length - length + 1, 2 ** 32, 2 ** 63, -1, Number.NaN, Infinity])
      expect(() => read(reader(), at)).toThrow(BrokenImage);
  });

  it('has no part that ends before it begins', () => {
    expect(() => reader().part(4, 3)).toThrow(BrokenImage);
    expect(() => reader().part(4, Number.NaN)).toThrow(BrokenImage);
  });

  it('grants a file reads by its length, and no more, whatever they read', () => {
    const reads = (length: number) => {
      const file = new ByteReader(new Uint8Array(length));
      const part = file.part(0);
      let count = 0;
      while (unlessBroken(() => part.u16(0)) !== undefined) count += 1;
      expect(() => file.u8(0)).toThrow('more parts than its length allows');
      return count;
    };
    expect(reads(4_000_000) - reads(4)).toBe(3_999_996);
    expect(reads(4)).toBeLessThan(70_000);
  });

  it('counts what a search or a checksum goes through', () => {
    const file = new ByteReader(new Uint8Array(10_000_000));
    const searches = (search: () => unknown) => {
      for (let n = 1; ; n += 1) if (unlessBroken(search) === undefined) return n;
    };
    expect(searches(() => file.find(Uint8Array.of(1), 0))).toBeLessThan(20);
    expect(searches(() => file.find(Uint8Array.of(1), 2 ** 40))).toBeLessThan(2_000_000);
    expect(searches(() => file.u8(0))).toBeLessThan(2_000_000);
  });
});

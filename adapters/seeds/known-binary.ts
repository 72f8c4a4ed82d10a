/** Files that are no list of text, by their first bytes, and what to do with them. */
const KINDS: readonly (readonly [magic: string, what: string])[] = [
  ['PAR1', 'is Parquet within a gzip: unpack it first'],
  ['PARE', 'is Parquet within a gzip: unpack it first'],
  ['ARROW1', 'is an Arrow file, which is not read: write its URLs into a CSV'],
  ['ORC', 'is ORC, which is not read: write its URLs into a CSV'],
  ['Obj\u0001', 'is Avro, which is not read: write its URLs into a CSV'],
  ['PK\u0003\u0004', 'is a ZIP: unpack it first, or give unzip -p list.zip | crawl run -'],
  ['\u001f\u008b', 'is compressed twice: unpack it once'],
  ['\u0028\u00b5\u002f\u00fd', 'is zstd: unpack it first, or give zstdcat list.zst | crawl run -'],
  ['BZh', 'is bzip2: unpack it first, or give bzcat list.bz2 | crawl run -'],
  ['\u00fd7zXZ', 'is xz: unpack it first, or give xzcat list.xz | crawl run -'],
  ['7z\u00bc\u00af', 'is a 7z archive: unpack it first'],
  ['SQLite format 3', 'is an SQLite database: write its URLs into a CSV'],
  ['%PDF-', 'is a PDF, not a list of URLs'],
];

/** What a list is that cannot be read as text, and what to do; undefined for text. */
export function knownBinary(head: Buffer): string | undefined {
  const start = head.subarray(0, 16).toString('latin1');
  const known = KINDS.find(([magic]) => start.startsWith(magic) && isBinary(magic, head));
  if (known === undefined) return head.includes(0) ? unknownBinary(head) : undefined;
  const [, what] = known;
  // A workbook is a ZIP with this file in it.
  if (start.startsWith('PK') && head.includes('[Content_Types].xml'))
    return 'is an Excel workbook: save it as CSV (UTF-8)';
  return what;
}

/** `ORC` and `BZh` are words as well. */
function isBinary(magic: string, head: Buffer): boolean {
  return magic.length > 3 || head.subarray(0, 64).some((byte) => byte < 9 || byte > 126);
}

function unknownBinary(head: Buffer): string {
  if (head.subarray(257, 262).toString('latin1') === 'ustar')
    return 'is a tar archive: unpack it first';
  const start = head.subarray(0, 64);
  const zeros = start.filter((byte) => byte === 0).length;
  if (start[0] !== 0x89 && start.length >= 8 && zeros * 5 >= start.length * 2)
    return 'is binary, or UTF-16 or UTF-32 without its mark: save it as UTF-8';
  return 'is binary, not a list of URLs: a byte of it is 0';
}

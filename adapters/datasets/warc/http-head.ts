/** Fields that tell how a body was sent; they are about other bytes than those that are archived. */
const ABOUT_TRANSFER = /^(content-encoding|transfer-encoding|content-length):/i;

/**
 * The head of an answer as it stands before a body that was decoded. Where the fields about
 * encodings and length would tell wrong things of the archived bytes they are kept under names that
 * begin with `X-Crawl-`, as Common Crawl does, and the length is told again; otherwise the head is
 * what came, octet by octet. `bodyLength` is that of the archived body.
 */
export function archivedHead(response: string, bodyLength: number): Buffer {
  const [first = '', ...lines] = response.split('\r\n');
  const isCoded = lines.some((line) => /^(content|transfer)-encoding:/i.test(line));
  const length = lines.find((line) => /^content-length:/i.test(line))?.slice(15);
  const isWrong = length !== undefined && Number(length.trim()) !== bodyLength;
  const told =
    isCoded || isWrong ? [...lines.map(renamed), `Content-Length: ${bodyLength}`] : lines;
  return headBytes([first, ...told].join('\r\n'));
}

/** A head as octets, with the empty line at its end. */
export function headBytes(head: string): Buffer {
  return Buffer.from(`${head}\r\n\r\n`, 'latin1');
}

/** Whether a body followed a head, as far as that can be told. */
export function hasBody(response: string): boolean {
  return !/\r\ncontent-length:[ \t]*0+(?=\r|$)/i.test(response);
}

function renamed(line: string): string {
  return ABOUT_TRANSFER.test(line) ? `X-Crawl-${line}` : line;
}

/** The status and the media type of an answer, for an index. */
export function factsOfHead(response: string): { readonly status: string; readonly mime: string } {
  const status = /^HTTP\/\d\.\d (\d{3})/.exec(response)?.[1] ?? '-';
  const mime = /\r\ncontent-type:[ \t]*([^\s;,]+)/i.exec(response)?.[1] ?? 'unk';
  return { status, mime: mime.toLowerCase() };
}

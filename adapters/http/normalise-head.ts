/** Field names that RFC 9110, section 5.6.2, allows, and values without control characters. */
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** What llhttp reads: status line and fields in their exact form. */
const EXACT =
  /^HTTP\/1\.[01] \d{3}(?: [\t\x20-\x7e\x80-\xff]*)?\r\n(?:[!#$%&'*+.^_`|~\w-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n$/;
/** Fields that tell where the body ends: one of them is clear, two may contradict each other. */
const LENGTH_FIELDS = /\n(?:content-length|transfer-encoding):[ \t]*(\d*)/gi;
const STATUS_LINE = /^HTTP\/(\d)\.(\d)[ \t]+(\d{3})(?:[ \t]+(.*))?$/i;

/** One field of a head, its name as it was written. */
interface Field {
  readonly name: string;
  readonly value: string;
}

/**
 * The head of an answer in the one form that the parser reads, where curl and browsers read more:
 * bare line feeds, folded lines, spaces before a colon, lines that are no fields, control characters,
 * a repeated length. What is ambiguous stays as it is, and is refused by the parser. `head` holds an
 * octet in each character and ends with its empty line; undefined when nothing has to be changed.
 */
export function normaliseHead(head: string): string | undefined {
  if (EXACT.test(head) && hasClearLength(head)) return undefined;
  // No parser that we know agrees with another on a NUL.
  if (head.includes('\0')) return undefined;
  const [first = '', ...lines] = head.split(/\r?\n/);
  const status = STATUS_LINE.exec(first);
  if (status === null) return undefined;
  const [, major = '1', minor = '1', code = '', reason = ''] = status;
  const fields = fieldsOf(lines);
  if (!settleLength(fields)) return undefined;
  const version = major === '1' && minor === '0' ? '1.0' : '1.1';
  const text = fields.map(({ name, value }) => `${name}: ${value}\r\n`).join('');
  return `HTTP/${version} ${code} ${printable(reason)}\r\n${text}\r\n`;
}

function hasClearLength(head: string): boolean {
  LENGTH_FIELDS.lastIndex = 0;
  const first = LENGTH_FIELDS.exec(head);
  if (first === null) return true;
  const isEmpty = first[1] === '' && /^\ncontent-length:[ \t]*$/i.test(first[0]);
  return !isEmpty && !LENGTH_FIELDS.test(head);
}

function fieldsOf(lines: readonly string[]): Field[] {
  const fields: { readonly name: string; readonly parts: string[] }[] = [];
  // What is folded under a line that is no field belongs to no field either.
  let last: string[] | undefined;
  for (const line of lines) {
    if (/^[ \t]/.test(line)) {
      // RFC 9112, section 5.2.
      last?.push(printable(line));
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trimEnd();
    last = undefined;
    if (!NAME.test(name)) continue;
    last = [printable(line.slice(colon + 1))];
    fields.push({ name, parts: last });
  }
  return fields.map(({ name, parts }) => ({ name, value: parts.join(' ').trim() }));
}

/** A bare CR is a space (RFC 9112, section 2.2), and so is every other control character. */
function printable(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ').trim();
}

/**
 * Leaves one length: chunks count more than a number (RFC 9112, section 6.3), an empty number is
 * none, equal ones are one. False when they contradict each other.
 */
function settleLength(fields: Field[]): boolean {
  const lengths = fields.filter(isLength);
  if (lengths.length === 0) return true;
  remove(fields, isLength);
  const isChunked = fields.some(({ name }) => name.toLowerCase() === 'transfer-encoding');
  if (isChunked) {
    // Where they differ the end of the body is in doubt: no other answer may follow it.
    remove(fields, ({ name }) => name.toLowerCase() === 'connection');
    fields.push({ name: 'Connection', value: 'close' });
    return true;
  }
  const numbers = lengths.flatMap(({ value }) => value.split(',').map((part) => part.trim()));
  const [length = '', ...others] = [...new Set(numbers.filter((number) => number !== ''))];
  if (others.length > 0 || !/^\d*$/.test(length)) return false;
  if (length !== '') fields.push({ name: 'Content-Length', value: length });
  return true;
}

function isLength({ name }: Field): boolean {
  return name.toLowerCase() === 'content-length';
}

function remove(fields: Field[], isUnwanted: (field: Field) => boolean): void {
  for (let at = fields.length - 1; at >= 0; at -= 1) {
    const field = fields[at];
    if (field !== undefined && isUnwanted(field)) fields.splice(at, 1);
  }
}

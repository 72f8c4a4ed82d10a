import { isUtf8 } from 'node:buffer';
import type { ParquetParsers, SchemaElement } from 'hyparquet';
import type { ColumnValue } from '../../../core/model/column-value.ts';
import { parseExactJson } from '../../../core/model/exact-json.ts';

const DAY_MS = 86_400_000;
/** What a Date can hold, in milliseconds before and after 1970. */
const MAX_DATE_MS = 8.64e15;

/** Parsers of a column: dates as ISO 8601 with all their digits, local ones without a zone. */
export function parsersOf({ logical_type }: SchemaElement): Partial<ParquetParsers> {
  const isLocal = logical_type?.type === 'TIMESTAMP' && !logical_type.isAdjustedToUTC;
  const zone = isLocal ? '' : 'Z';
  return {
    timestampFromMilliseconds: (value) => timeText(BigInt(value), 3, zone),
    timestampFromMicroseconds: (value) => timeText(BigInt(value), 6, zone),
    timestampFromNanoseconds: (value) => timeText(BigInt(value), 9, zone),
    dateFromDays: (days) => dateText(days),
    stringFromBytes: (bytes) => (bytes === undefined ? undefined : textOf(bytes)),
    jsonFromBytes: (bytes) => (bytes === undefined ? undefined : jsonOf(textOf(bytes))),
  };
}

/** What a cell of Parquet is in a result. JSON has no NaN and no infinities: they are null. */
export function toColumnValue(value: unknown): ColumnValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return isExact(value) ? Number(value) : value;
    case 'object':
      return value === null ? null : fromObject(value);
    default:
      return null;
  }
}

/** The same for a column of bytes of one length, which are never text. */
export function toBytesValue(value: unknown): ColumnValue {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : toColumnValue(value);
}

function fromObject(value: object): ColumnValue {
  if (value instanceof Uint8Array) return textOf(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toColumnValue);
  if (ArrayBuffer.isView(value)) return Object.values(value).map(toColumnValue);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toColumnValue(one)]));
}

function isExact(value: bigint): boolean {
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER;
}

/** Bytes that are no text are Base64. */
function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString(isUtf8(bytes) ? 'utf8' : 'base64');
}

function jsonOf(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}

/** A time since 1970 in units of which `digits` make a second; the number itself where no calendar has it. */
function timeText(value: bigint, digits: 3 | 6 | 9, zone: string): string {
  const unit = 10n ** BigInt(digits);
  const part = ((value % unit) + unit) % unit;
  const ms = Number((value - part) / unit) * 1000;
  if (Math.abs(ms) > MAX_DATE_MS) return String(value);
  const [seconds = ''] = new Date(ms).toISOString().split('.');
  return `${seconds}.${String(part).padStart(digits, '0')}${zone}`;
}

function dateText(days: number): string {
  const ms = days * DAY_MS;
  if (Math.abs(ms) > MAX_DATE_MS) return String(days);
  return new Date(ms).toISOString().replace(/T.*$/, '');
}

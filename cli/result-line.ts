import type { ResultLine } from '../adapters/aws/run-archive-lines.ts';

/** The fields of a line of `results.jsonl`, in their order; `extra` comes last. */
export const RESULT_FIELDS = [
  ...['url', 'status', 'reason', 'kind', 'finalUrl', 'httpStatus', 'contentType', 'format'],
  ...[
    'width',
    'height',
    'frames',
    'orientation',
    'bytes',
    'sha256',
    'file',
    'attempts',
    'durationMs',
    'fetchedAt',
  ],
  ...['depth', 'foundOn', 'foundOnPages', 'foundAs', 'alt', 'title', 'links', 'images'],
  ...['detail', 'extra'],
] as const;

/** A result as one line of JSON. Fields that do not apply are absent; `reason` may be null. */
export function jsonLine(result: Partial<ResultLine>): string {
  const fields: Readonly<Record<string, unknown>> = result;
  const line: Record<string, unknown> = {};
  for (const name of RESULT_FIELDS) {
    const value = fields[name];
    if (value !== undefined) line[name] = value;
  }
  return `${JSON.stringify(line)}\n`;
}

/** The header of the CSV. */
export function csvHeader(): string {
  return `${RESULT_FIELDS.join(',')}\n`;
}

/** A result as one line of CSV (RFC 4180): fields that do not apply are empty, `extra` is JSON. */
export function csvLine(result: Partial<ResultLine>): string {
  const fields = new Map<string, unknown>(Object.entries(result));
  return `${RESULT_FIELDS.map((name) => csvField(fields.get(name))).join(',')}\n`;
}

function csvField(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import { ExtraColumns } from '../../adapters/datasets/extra-columns.ts';
import { exactJson } from '../../core/model/exact-json.ts';
import { extraFields } from '../../core/model/extra-fields.ts';
import { type ResultFields, resultFields } from '../../core/model/result.ts';

/** The fields of a line of `results.jsonl`, in their order; `extra` comes last. */
export const RESULT_FIELDS = resultFields.keyof().options;

/** Fields of hooks that are named in `extraFields`: columns of their own, behind the others. */
const EXTRA = new ExtraColumns(extraFields, RESULT_FIELDS);

/** A result as one line of JSON. Fields that do not apply are absent; `reason` may be null. */
export function jsonLine(result: Partial<ResultFields>): string {
  const line: Record<string, unknown> = {};
  for (const name of RESULT_FIELDS) {
    const value = result[name];
    if (value !== undefined) line[name] = value;
  }
  // A number of a list may have more digits than JSON.stringify can write.
  return `${result.columns === undefined ? JSON.stringify(line) : exactJson(line)}\n`;
}

/** Results as such lines. */
export async function* jsonLines(
  results: AsyncIterable<Partial<ResultFields>>,
): AsyncGenerator<string> {
  for await (const result of results) yield jsonLine(result);
}

/** The header of the CSV; `extra` are the columns of hooks. */
export function csvHeader(extra = EXTRA): string {
  return csvLineOf([...RESULT_FIELDS, ...extra.columns.map(({ name }) => name)]);
}

/**
 * What spreadsheets take for the beginning of a formula, or skip before one (OWASP, "CSV Injection";
 * ASVS 5, 1.2.10); behind quotes as well, so that the one that is added can be taken away again.
 */
const FORMULA = /^'*[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]/;

/**
 * A result as one line of CSV (RFC 4180): fields that do not apply are empty, `columns`, `rights` and `extra` are JSON. Pages
 * and servers write many of the texts: one that a spreadsheet would calculate begins with a `'`.
 */
export function csvLine(result: Partial<ResultFields>, extra = EXTRA): string {
  const own = RESULT_FIELDS.map((name) => result[name]);
  return csvLineOf([...own, ...extra.valuesOf(result.extra)]);
}

/** Fields as one line of CSV, quoted in the same way. */
export function csvLineOf(fields: readonly unknown[]): string {
  return `${fields.map(csvField).join(',')}\n`;
}

function csvField(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? asText(value) : plain(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function asText(value: string): string {
  return FORMULA.test(value) ? `'${value}` : value;
}

function plain(value: unknown): string {
  return typeof value === 'object' ? exactJson(value) : String(value);
}

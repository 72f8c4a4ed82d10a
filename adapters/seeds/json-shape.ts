import { type Column, chooseColumn, DEFAULT_COLUMN } from '../../core/seed/choose-column.ts';
import { isUrlText } from '../../core/seed/list-text.ts';
import { JsonItems } from './json-items.ts';
import { keysOf, parseJson, stringsAt, valueAt } from './json-value.ts';
import { isBrokenList } from './list-head.ts';
import type { ListWishes } from './table-shape.ts';

/** JSON: one value a line, or one array. */
export interface JsonShape {
  readonly kind: 'json-lines' | 'json-array';
  /** Field of an object that holds its URLs. */
  readonly field: string;
  readonly by: 'name' | 'content';
  /** Other fields that hold URLs. */
  readonly others: readonly string[];
  /** Field with hashes. */
  readonly hashField?: string;
  /** Fields that are kept, `*` for all. */
  readonly keep: readonly string[];
  /** The same of those that hooks are given. */
  readonly given: readonly string[];
}

type Other = { readonly kind: 'text' } | { readonly kind: 'refused'; readonly problem: string };

/** Values that tell the fields of a list. */
const SAMPLE_VALUES = 50;
const SEVERAL_LINES =
  'is one JSON object over several lines, not a list: give its array, jq .images list.json | crawl run -, or one object a line, jq -c';

/** How a text that looks like JSON, or is named so, is read. */
export function jsonShape(text: string, list: Omit<ListWishes, 'format'> = {}): JsonShape | Other {
  const content = text.trimStart();
  const [first = '', second = ''] = content.split(/[\r\n]+/, 2);
  const value = parseJson(first);
  if (/^\[\s*(?:["[{\d\]tfn-]|$)/.test(content)) {
    const isLine = value !== undefined && content.slice(first.length).trim() !== '';
    if (!isLine) return shaped('json-array', arraySample(content), list);
  } else if (value === undefined) {
    if (isUrlText(first)) return { kind: 'text' };
    if (first.startsWith('{') && second !== '' && !second.trimStart().startsWith('{'))
      return { kind: 'refused', problem: SEVERAL_LINES };
  }
  return shaped('json-lines', linesSample(content), list);
}

function shaped(
  kind: JsonShape['kind'],
  values: readonly unknown[],
  { field: wanted, hashField, keep = [], hookColumns: given = [] }: Omit<ListWishes, 'format'>,
): JsonShape | Other {
  const absent = [hashField ?? [], keep.filter((name) => name !== '*')]
    .flat()
    .find((name) => values.every((value) => valueAt(value, name) === undefined));
  if (absent !== undefined) return { kind: 'refused', problem: missingField(values, absent) };
  const columns = fieldsOf(values);
  const chosen = chooseColumn(columns, wanted);
  const isPath =
    wanted !== undefined && values.some((value) => stringsAt(value, wanted).length > 0);
  if (isPath || chosen.kind === 'none')
    return {
      kind,
      field: wanted ?? DEFAULT_COLUMN,
      by: 'name',
      others: [],
      hashField,
      keep,
      given,
    };
  const nameAt = (index: number) => columns[index]?.name ?? '';
  const { index, by } = chosen;
  const others = chosen.others.map(nameAt);
  return { kind, field: nameAt(index), by, others, hashField, keep, given };
}

function missingField(values: readonly unknown[], name: string): string {
  const first = values.find((value) => keysOf(value) !== '');
  return `has no field "${name}" in its first ${values.length} values${keysOf(first)}`;
}

/** The fields of the first objects, those of lines that are arrays too, with their texts. */
function fieldsOf(values: readonly unknown[]): readonly Column[] {
  const fields = new Map<string, string[]>();
  for (const value of values.flat()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const name of Object.keys(value)) {
      const known = fields.get(name) ?? [];
      known.push(...stringsAt(value, name));
      fields.set(name, known);
    }
  }
  return [...fields].map(([name, texts]) => ({ name, values: texts }));
}

function linesSample(text: string): readonly unknown[] {
  const lines = text.split(/[\r\n]+/, SAMPLE_VALUES);
  return lines.flatMap((line) => {
    const parsed = parseJson(line);
    return parsed === undefined ? [] : [parsed.value];
  });
}

/** Of an array that is broken somewhere, what comes before. */
function arraySample(text: string): readonly unknown[] {
  const sample: unknown[] = [];
  try {
    for (const { text: item } of new JsonItems().take(Buffer.from(text))) {
      const parsed = item === undefined ? undefined : parseJson(item);
      if (parsed !== undefined) sample.push(parsed.value);
      if (sample.length >= SAMPLE_VALUES) break;
    }
  } catch (error) {
    if (!isBrokenList(error)) throw error;
  }
  return sample;
}

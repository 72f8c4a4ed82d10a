import type { CheckedList } from './list-file.ts';

/** What a person has to know of how a list is read; undefined where all is as they said. */
export function listNote({ list, shape }: CheckedList): string | undefined {
  const { name, format, field } = list;
  if (field !== undefined || !('by' in shape)) return undefined;
  const { by, others } = shape;
  // Text that turned out to be a table is a surprise, whatever its columns are called.
  const isExpected = shape.kind !== 'table' || format === 'csv';
  if (by === 'name' && others.length === 0 && isExpected) return undefined;
  if ('field' in shape)
    return `${name}: URLs are read from field ${quoted(shape.field)}${choice(others, '--field')}`;
  const isBare = shape.kind === 'table' && !shape.hasHeader;
  const where = isBare ? 'there is no header, URLs are read' : 'URLs are read';
  return `${name}: ${where} from column ${quoted(shape.column)}${choice(others, '--column')}`;
}

function choice(others: readonly string[], flag: string): string {
  if (others.length === 0) return '';
  return `, not from ${others.map(quoted).join(', ')} (choose with ${flag})`;
}

function quoted(name: string): string {
  return /^\d+$/.test(name) ? name : `"${name}"`;
}

import type { CheckedList } from './list-file.ts';

/** What a person has to know of how a list is read; undefined where all is as they said. */
export function listNote({ list, shape }: CheckedList): string | undefined {
  const { name, format, field } = list;
  if (shape.kind === 'table') {
    const { by, column, others, hasHeader } = shape;
    const isSaid =
      field !== undefined || (by === 'name' && others.length === 0 && format === 'csv');
    const where = hasHeader ? 'URLs are read' : 'there is no header, URLs are read';
    return isSaid
      ? undefined
      : `${name}: ${where} from column ${quoted(column)}${choice(others, '--column')}`;
  }
  if (shape.kind === 'parquet') {
    const { by, column, others } = shape;
    const isSaid = field !== undefined || (by === 'name' && others.length === 0);
    return isSaid
      ? undefined
      : `${name}: URLs are read from column ${quoted(column)}${choice(others, '--column')}`;
  }
  if (shape.kind !== 'json-lines' && shape.kind !== 'json-array') return undefined;
  if (field !== undefined || (shape.by === 'name' && shape.others.length === 0)) return undefined;
  return `${name}: URLs are read from field ${quoted(shape.field)}${choice(shape.others, '--field')}`;
}

function choice(others: readonly string[], flag: string): string {
  if (others.length === 0) return '';
  return `, not from ${others.map(quoted).join(', ')} (choose with ${flag})`;
}

function quoted(name: string): string {
  return /^\d+$/.test(name) ? name : `"${name}"`;
}

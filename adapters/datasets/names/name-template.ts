import type { ImageLine } from '../data-set-line.ts';
import { extensionOf } from '../extension-of.ts';
import { safePath } from './safe-path.ts';
import { partsOf } from './url-name.ts';

/** What a template may name, besides `columns.NAME`. */
export const PLACEHOLDERS = ['host', 'path', 'name', 'sha256', 'format', 'row', 'key'] as const;

type Placeholder = (typeof PLACEHOLDERS)[number];

const FIELD = /\{([^{}]*)\}/g;

/** Makes the path of an image below its folder. */
export type NameImage = (line: ImageLine, key: string) => string;

/**
 * Reads a template like `{columns.class}/{key}`: names of folders and of the file, which gets the
 * ending of its format. A value never adds a folder, but for `{path}`.
 */
export function readTemplate(
  template: string,
): { readonly name: NameImage } | { readonly problem: string } {
  for (const [, field = ''] of template.matchAll(FIELD)) {
    if (!isPlaceholder(field) && !field.startsWith('columns.'))
      return { problem: `no field {${field}}; there are ${PLACEHOLDERS.join(', ')}, columns.NAME` };
  }
  if (!template.replaceAll('/', '').trim() || /[{}]/.test(template.replace(FIELD, '')))
    return { problem: 'expected text and fields like {host}/{name}' };
  const segments = template.split('/').filter((segment) => segment !== '');
  return { name: (line, key) => filled(segments, line, key) };
}

function filled(segments: readonly string[], line: ImageLine, key: string): string {
  const parts = segments.flatMap((segment) => {
    if (segment === '{path}') return partsOf(line.url).folders;
    return [segment.replaceAll(FIELD, (_, field: string) => fieldOf(field, line, key))];
  });
  const name = parts.pop() ?? key;
  return safePath(parts, name, `.${extensionOf(line.format)}`);
}

function isPlaceholder(field: string): field is Placeholder {
  return PLACEHOLDERS.some((name) => name === field);
}

function fieldOf(field: string, line: ImageLine, key: string): string {
  if (!isPlaceholder(field)) return columnOf(line, field.slice('columns.'.length));
  const { host, folders, name } = partsOf(line.url);
  switch (field) {
    case 'host':
      return host;
    case 'path':
      return folders.join('_');
    case 'name':
      return name;
    case 'row':
      return String(line.row ?? key);
    case 'key':
      return key;
    case 'sha256':
    case 'format':
      return line[field];
  }
}

function columnOf({ columns = {} }: ImageLine, name: string): string {
  return String((Object.hasOwn(columns, name) ? columns[name] : undefined) ?? 'none');
}

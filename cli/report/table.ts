import { type Html, html, type Piece } from './html.ts';

/** A column: what stands above it, and how its cells look. */
export interface Column {
  readonly title: string;
  readonly kind?: 'n' | 'url' | 'bar';
}

/** A table; on a narrow screen each row is a block in which each cell is named by its column. */
export function table(columns: readonly Column[], rows: readonly (readonly Piece[])[]): Html {
  const heads = columns.map(
    ({ title, kind = '' }) => html`<th scope="col" class="${kind}">${title}</th>`,
  );
  const body = rows.map((cells) => {
    const all = cells.map((cell, at) => {
      const { title = '', kind = '' } = columns[at] ?? {};
      return html`<td class="${kind}" data-title="${title}">${cell}</td>`;
    });
    return html`<tr>${all}</tr>\n`;
  });
  return html`<table><thead><tr>${heads}</tr></thead>
<tbody>${body}</tbody></table>`;
}

/** A bar as long as a value is beside the greatest. */
export function bar(value: number, greatest: number): Html {
  const width = greatest > 0 ? ((100 * value) / greatest).toFixed(1) : '0';
  return html`<i style="width:${width}%"></i>`;
}

/** A link to a URL where it is http or https; the text of any other. */
export function link(url: string, text: string = url): Html {
  if (!/^https?:/i.test(url)) return html`${text}`;
  return html`<a href="${url}" rel="noreferrer noopener">${text}</a>`;
}

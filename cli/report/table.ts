import { type Html, html, type Piece } from './html.ts';

/** A column: what stands above it, and how its cells look. */
export interface Column {
  readonly title: string;
  readonly kind?: 'n' | 'url' | 'bar';
}

/** A table that scrolls by itself where it is wider than the page. */
export function table(columns: readonly Column[], rows: readonly (readonly Piece[])[]): Html {
  const heads = columns.map(
    ({ title, kind = '' }) => html`<th scope="col" class="${kind}">${title}</th>`,
  );
  const body = rows.map((cells) => {
    const all = cells.map((cell, at) => html`<td class="${columns[at]?.kind ?? ''}">${cell}</td>`);
    return html`<tr>${all}</tr>\n`;
  });
  return html`<div class="scroll"><table><thead><tr>${heads}</tr></thead>
<tbody>${body}</tbody></table></div>`;
}

/** A bar as long as a value is beside the greatest. */
export function bar(value: number, greatest: number): Html {
  const width = greatest > 0 ? ((100 * value) / greatest).toFixed(1) : '0';
  return html`<i style="width:${width}%"></i>`;
}

/** A link to a target; it was http or https before it could become one. */
export function link(url: string): Html {
  if (!/^https?:/i.test(url)) return html`${url}`;
  return html`<a href="${url}" rel="noreferrer noopener">${url}</a>`;
}

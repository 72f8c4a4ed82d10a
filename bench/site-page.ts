import { picturePath } from './picture-path.ts';

/** A site as a tree of pages, each with pictures of its own. */
export interface SitePlan {
  readonly pages: number;
  readonly images: number;
  /** Pages are on the first, picture i is on origin i mod their number. */
  readonly origins: readonly string[];
}

/** Children of a page. */
const BRANCHES = 10;
/** Words of a page around its links: it is as long as most are, some 12 kB. */
const PARAGRAPH = `<p class="text">${'a page has words around its pictures '.repeat(12)}</p>`;

/** The page of a path such as `/page/7.html`; `/` is the first. Undefined when there is none. */
export function sitePage(path: string, plan: SitePlan): string | undefined {
  const text = path === '/' ? '0' : /^\/page\/(\d+)\.html$/.exec(path)?.[1];
  const page = Number(text ?? plan.pages);
  if (page >= plan.pages) return undefined;
  const pictures = picturesOf(page, plan).map(
    (src, at) =>
      `<figure><img src="${src}" alt="picture ${at} of page ${page}">${PARAGRAPH}</figure>`,
  );
  const links = linksOf(page, plan).map(
    (to) => `<li><a href="/page/${to}.html">page ${to}</a></li>`,
  );
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page ${page}</title></head>`,
    `<body><nav><ul><li><a href="/">Home</a></li>${links.join('')}</ul></nav><main>`,
    `${pictures.join('\n')}${PARAGRAPH.repeat(12)}</main></body></html>`,
  ].join('\n');
}

/** Its children, its parent and its neighbours: most links of a site lead to what is known. */
function linksOf(page: number, { pages }: SitePlan): readonly number[] {
  const children = Array.from({ length: BRANCHES }, (_, at) => page * BRANCHES + at + 1);
  const around = Array.from({ length: BRANCHES }, (_, at) => page - BRANCHES / 2 + at);
  const parent = Math.floor((page - 1) / BRANCHES);
  return [...children, parent, ...around].filter((to) => to > 0 && to < pages);
}

function picturesOf(page: number, { pages, images, origins }: SitePlan): readonly string[] {
  const each = Math.ceil(images / pages);
  return Array.from({ length: each }, (_, at) => page * each + at)
    .filter((index) => index < images)
    .map((index) => `${origins[index % origins.length]}${picturePath(index)}`);
}

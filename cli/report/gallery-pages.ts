import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { formatCount } from '../options/quantities.ts';
import { gallery, type LinkOf } from './gallery.ts';
import { EMPTY_HTML, html } from './html.ts';
import { pageFrame } from './page-frame.ts';

/** Pictures on a page: some 120 kB of HTML. */
const PICTURES = 200;
/** Folder of the pages, beside the report. */
export const GALLERY_FOLDER = 'report-pictures';

/** What the gallery is made for. */
export interface GalleryOptions {
  readonly runId: string;
  /** Folder of the report, absolute. */
  readonly out: string;
  /** Addresses of files from the folder of the report. */
  readonly linkOf: LinkOf;
}

/**
 * Pages with all pictures of a run, written as its results are read, in bounded memory. A draft takes
 * the place of the old pages when it is whole.
 */
export class GalleryPages {
  readonly #options: GalleryOptions;
  readonly #draft: string;
  #page: ResultLine[] = [];
  #pages = 0;

  constructor(options: GalleryOptions) {
    this.#options = options;
    this.#draft = join(options.out, `${GALLERY_FOLDER}.part`);
  }

  /** Takes a result with a picture; one whose file a browser cannot open is passed over. */
  async add(result: ResultLine): Promise<void> {
    const { file } = result;
    if (file === undefined || this.#options.linkOf(file) === undefined) return;
    this.#page.push(result);
    // One more is waited for, so that a page knows whether it is the last one.
    if (this.#page.length > PICTURES) await this.#write(this.#page.splice(0, PICTURES), false);
  }

  /** Writes what is left, and puts the pages into their place; gives their number. */
  async finish(): Promise<number> {
    if (this.#page.length > 0) await this.#write(this.#page, true);
    const place = join(this.#options.out, GALLERY_FOLDER);
    await rm(place, { recursive: true, force: true });
    if (this.#pages > 0) await rename(this.#draft, place);
    return this.#pages;
  }

  /** Removes what was written of an unfinished gallery. */
  async discard(): Promise<void> {
    await rm(this.#draft, { recursive: true, force: true });
  }

  async #write(results: readonly ResultLine[], isLast: boolean): Promise<void> {
    if (this.#pages === 0) {
      await this.discard();
      await mkdir(this.#draft, { recursive: true });
    }
    this.#pages += 1;
    const text = this.#pageOf(results, this.#pages, isLast);
    await writeFile(join(this.#draft, galleryPage(this.#pages)), text);
  }

  #pageOf(results: readonly ResultLine[], number: number, isLast: boolean): string {
    const { runId, linkOf } = this.#options;
    const first = (number - 1) * PICTURES + 1;
    const range = `${formatCount(first)} to ${formatCount(first + results.length - 1)}`;
    const newer = number > 1 ? html`<a href="${galleryPage(number - 1)}">previous</a>` : EMPTY_HTML;
    const older = isLast ? EMPTY_HTML : html`<a href="${galleryPage(number + 1)}">next</a>`;
    const way = html`<nav><a href="../report.html">report</a> ${newer} ${older}</nav>`;
    const above = (file: string) => {
      const address = linkOf(file);
      return address === undefined ? undefined : `../${address}`;
    };
    const title = `Crawl ${runId}, pictures ${range}`;
    return pageFrame(title, html`<h1>${title}</h1>${way}${gallery(results, above)}${way}`);
  }
}

/** Name of a page in the folder; the first is 1. */
export function galleryPage(number: number): string {
  return `${number}.html`;
}

import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';

/** Types of documents that link to images. */
const PAGE_TYPE = /^(text\/html|application\/xhtml\+xml)\b/i;

/** Counts the pages among what was crawled as images, while the results pass. */
export class PageTally {
  #pages = 0;
  #first: string | undefined;

  /** How many. */
  get pages(): number {
    return this.#pages;
  }

  /** The first one's URL. */
  get first(): string | undefined {
    return this.#first;
  }

  async *count(results: AsyncIterable<ResultLine>): AsyncGenerator<ResultLine> {
    for await (const result of results) {
      const { reason, contentType = '', url } = result;
      if (reason === 'not-an-image' && PAGE_TYPE.test(contentType)) {
        this.#pages += 1;
        this.#first ??= url;
      }
      yield result;
    }
  }
}

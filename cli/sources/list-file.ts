import type { ListShape } from '../../adapters/seeds/list-shape.ts';
import type { SeedList } from '../../core/model/run.ts';

/** A list that was looked at and can be crawled: a file of this machine. */
export interface ListFile
  extends Pick<
    SeedList,
    'name' | 'format' | 'field' | 'hashField' | 'keep' | 'hookColumns' | 'gzip'
  > {
  /** Absolute. */
  readonly path: string;
}

/** What a look at a list tells. */
export interface CheckedList {
  readonly list: ListFile;
  readonly shape: ListShape;
}

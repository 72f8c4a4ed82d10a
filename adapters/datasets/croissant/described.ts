import type { OutputSettings, Run } from '../../../core/model/run.ts';
import type { TableColumn } from '../column-types.ts';
import type { LineCounts } from '../staged-lines.ts';

/** A data set that has been written, and is described now. */
export interface Described {
  readonly folder: string;
  readonly format: NonNullable<OutputSettings['format']>;
  readonly run: Run;
  readonly counts: LineCounts;
  /** Columns of its rows. */
  readonly columns: readonly TableColumn[];
  /** Of the software. */
  readonly version: string;
}

/** A file as `distribution` lists it. */
export interface FileObject {
  readonly '@type': 'cr:FileObject';
  readonly '@id': string;
  readonly name: string;
  readonly contentUrl: string;
  readonly contentSize: string;
  readonly encodingFormat: string;
  readonly sha256: string;
}

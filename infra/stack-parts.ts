import type { ImageBucket } from './image-bucket.ts';
import type { ResultsTable } from './results-table.ts';
import type { Settings } from './settings.ts';
import type { TaskQueue } from './task-queue.ts';

/** What the functions are wired to. */
export interface StackParts {
  readonly settings: Settings;
  readonly queue: TaskQueue;
  readonly table: ResultsTable;
  readonly bucket: ImageBucket;
}

import type { DeferredQueue } from './deferred-queue.ts';
import type { KeptProps } from './encryption.ts';
import type { ImageBucket } from './image-bucket.ts';
import type { Inbox } from './inbox.ts';
import type { ResultsTable } from './results-table.ts';
import type { TaskQueue } from './task-queue.ts';

/** What the functions are wired to. */
export interface StackParts extends KeptProps {
  readonly queue: TaskQueue;
  readonly deferred: DeferredQueue;
  readonly table: ResultsTable;
  readonly bucket: ImageBucket;
  readonly inbox: Inbox;
}

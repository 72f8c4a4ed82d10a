import type { Observer } from '../../core/ports/observer.ts';

/** Makes nothing of what it is told. */
export const SILENT_OBSERVER: Observer = {
  settled() {},
  retrying() {},
  backedOff() {},
  deferred() {},
  taskBegun() {},
  taskEnded() {},
  poison() {},
  memoryUnreadable() {},
  memoryFailed() {},
  receiveFailed() {},
};

import type { Run } from '../model/run.ts';
import type { TaskEnd } from '../ports/observer.ts';
import type { ReceivedTask } from '../ports/task-queue.ts';
import type { Deferral } from './deferral.ts';
import type { DonePorts } from './done-tasks.ts';
import type { NextTaskPorts } from './next-tasks.ts';
import type { OpenTask } from './open-task.ts';
import type { VisitPorts } from './target-visits.ts';

/** Dependencies of GroupSession. */
export interface GroupPorts extends VisitPorts, DonePorts, NextTaskPorts {}

/** What an invocation tells its groups, and is told by them. */
export interface InvocationLimits {
  /** After this time no request of a run may begin, in milliseconds since 1970. */
  readonly notAfterMs: (run: Run) => number;
  /** Whether further tasks may begin. */
  readonly mayGoOn: () => boolean;
  /** Told how many targets more, or less, are under way. */
  readonly onUnderWay: (change: 1 | -1) => void;
}

/** A target whose turn comes sooner waits here: to send it away and back costs more, in milliseconds. */
export const NEAR_MS = 4000;
/** A group that is held for longer lets its other tasks go first, in milliseconds. */
export const MAX_HELD_MS = 120_000;
/** As long as a group is held for less, tasks of its backlog follow each other here, in milliseconds. */
export const GO_ON_MS = 30_000;

/** How a message ended, with the last task that was worked on under it. */
export interface SessionEnd {
  readonly received: ReceivedTask;
  readonly end: TaskEnd;
}

/** A task that is out of its session's hands: its message ends, or stands for another task. */
export interface Taken {
  readonly resolve: (end: TaskEnd) => void;
  /** For the next task of its lane. */
  readonly goOn: (next: OpenTask) => void;
  /** For the same task: what was suspended of it is begun. */
  readonly again: () => void;
}

/** Whether a target may begin again here, when it is due. */
export function mayBeginAgain({ fault, untilMs }: OpenTask, { leaves, dueMs }: Deferral): boolean {
  return !leaves && fault === undefined && dueMs < untilMs;
}

/** What is in a set, which is empty afterwards. */
export function takeAll<One>(all: Set<One>): readonly One[] {
  const taken = [...all];
  all.clear();
  return taken;
}

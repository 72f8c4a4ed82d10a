import { MAX_TASK_BYTES, MAX_TASK_TARGETS, type Task } from './task.ts';

/** Room kept for the fields of a task around its targets, in bytes. */
const ENVELOPE_BYTES = 512;
/** `{"url":},` around each target, in bytes. */
const TARGET_BYTES = 9;

interface OpenGroup {
  part: number;
  bytes: number;
  urls: string[];
}

/**
 * Packs the URLs of one window into tasks. Deterministic: the same URLs in the same order give
 * the same tasks under the same ids, so a window that is seeded twice changes nothing.
 */
export class TaskPacker {
  readonly #open = new Map<string, OpenGroup>();
  readonly #runId: string;
  readonly #round: number;
  readonly #window: number;

  constructor(runId: string, round: number, window: number) {
    this.#runId = runId;
    this.#round = round;
    this.#window = window;
  }

  /** Takes a URL; gives back the task that it did not fit into any more, if one is full. */
  add(group: string, url: string): Task | undefined {
    const open = this.#open.get(group) ?? { part: 0, bytes: ENVELOPE_BYTES, urls: [] };
    this.#open.set(group, open);
    const bytes = Buffer.byteLength(JSON.stringify(url)) + TARGET_BYTES;
    const full = open.urls.length === MAX_TASK_TARGETS || open.bytes + bytes > MAX_TASK_BYTES;
    const task = full ? this.#take(group, open) : undefined;
    open.urls.push(url);
    open.bytes += bytes;
    return task;
  }

  /** What is left, as tasks; the packer is empty afterwards. */
  flush(): readonly Task[] {
    const rest = [...this.#open].map(([group, open]) => this.#take(group, open));
    this.#open.clear();
    return rest;
  }

  #take(group: string, open: OpenGroup): Task {
    const task: Task = {
      runId: this.#runId,
      taskId: `w${this.#window}-${group}-${open.part}`,
      group,
      round: this.#round,
      targets: open.urls.map((url) => ({ url })),
    };
    open.part += 1;
    open.urls = [];
    open.bytes = ENVELOPE_BYTES;
    return task;
  }
}

import { chance } from '../web/chance.ts';

/** To close a task and to begin the next one of its lane takes so long, in milliseconds. */
const BETWEEN_MS = 2500;

/** A task that takes longer than this leaves the rest of its targets to others, in milliseconds. */
const MOST_MS = 60_000;

/** How long tasks take that follow each other in a lane: each as long as its slowest host. */
export class TaskTimes {
  readonly #mostMs: number[];

  constructor(tasks: number) {
    this.#mostMs = Array.from({ length: tasks }, () => 0);
  }

  /** URLs of a host, spread over the tasks; `tookMs` is how long those of one task take. */
  add(rank: number, urls: number, tookMs: number): void {
    const tasks = this.#mostMs.length;
    const first = Math.floor(chance(rank, urls) * tasks);
    for (let at = 0; at < Math.min(urls, tasks); at += 1) {
      const task = (first + at) % tasks;
      this.#mostMs[task] = Math.min(MOST_MS, Math.max(this.#mostMs[task] ?? 0, tookMs));
    }
  }

  /** All of them together, in milliseconds. */
  get sumMs(): number {
    const sumMs = this.#mostMs.reduce((sum, ms) => sum + ms, 0);
    return sumMs + (this.#mostMs.length - 1) * BETWEEN_MS;
  }
}

import type { Task } from '../../../core/model/task.ts';
import { SQS } from '../facts.ts';
import { MinHeap } from './message-heap.ts';

/** A message of the queue. */
export interface Message {
  /** In the order of sending. */
  readonly number: number;
  readonly task: Task;
  receiveCount: number;
  /** Until when it is out, in milliseconds since 1970; 0 when it waits. */
  hiddenUntilMs: number;
}

interface Group {
  /** Those that wait or are out, in order. */
  readonly messages: Message[];
  out: number;
}

/**
 * The messages of a FIFO queue: of a group with one out none is given, and groups are found only among
 * the first 120,000 messages, those that are out included.
 */
export class FifoMessages {
  readonly #groups = new Map<string, Group>();
  /** All that were not deleted, in order. */
  readonly #all = new Map<number, Message>();
  /** Groups that may have something to give, by their first message. */
  readonly #ready = new MinHeap<string>();
  /** Messages behind the first 120,000, in order. */
  readonly #unseen = new MinHeap<Message>();
  #seen = 0;
  #sent = 0;
  #out = 0;

  /** Messages that wait or are out. */
  get size(): number {
    return this.#all.size;
  }

  /** Messages that wait. */
  get waiting(): number {
    return this.#all.size - this.#out;
  }

  /** Whether a receive would give something. */
  get hasReady(): boolean {
    return this.#firstReady() !== undefined;
  }

  add(task: Task): void {
    this.#sent += 1;
    const message = { number: this.#sent, task, receiveCount: 0, hiddenUntilMs: 0 };
    this.#all.set(message.number, message);
    if (this.#seen < SQS.scanned) this.#see(message);
    else this.#unseen.push(message.number, message);
  }

  /** At most `max`: as many as there are of the first free group, then of the next one. */
  take(max: number, hiddenUntilMs: number): readonly Message[] {
    const taken: Message[] = [];
    while (taken.length < max) {
      const group = this.#firstReady();
      if (group === undefined) break;
      this.#ready.pop();
      for (const message of group.messages.slice(0, max - taken.length)) {
        message.receiveCount += 1;
        message.hiddenUntilMs = hiddenUntilMs;
        group.out += 1;
        this.#out += 1;
        taken.push(message);
      }
    }
    return taken;
  }

  /** It waits again, at its old place. */
  giveBack(message: Message): void {
    const group = this.#groups.get(message.task.group);
    if (group === undefined || message.hiddenUntilMs === 0) return;
    message.hiddenUntilMs = 0;
    group.out -= 1;
    this.#out -= 1;
    this.#offer(message.task.group, group);
  }

  /** Deletes a message that is out. */
  delete(message: Message): void {
    const { group: name } = message.task;
    const group = this.#groups.get(name);
    if (group === undefined || !this.#all.delete(message.number)) return;
    group.messages.splice(group.messages.indexOf(message), 1);
    if (message.hiddenUntilMs > 0) {
      group.out -= 1;
      this.#out -= 1;
    }
    this.#seen -= 1;
    this.#seeNext();
    if (group.messages.length === 0) this.#groups.delete(name);
    else this.#offer(name, group);
  }

  #see(message: Message): void {
    this.#seen += 1;
    const { group: name } = message.task;
    const group = this.#groups.get(name) ?? { messages: [], out: 0 };
    this.#groups.set(name, group);
    group.messages.push(message);
    if (group.messages.length === 1) this.#offer(name, group);
  }

  #seeNext(): void {
    const next = this.#unseen.pop();
    if (next !== undefined) this.#see(next.value);
  }

  #offer(name: string, group: Group): void {
    const [first] = group.messages;
    if (group.out === 0 && first !== undefined) this.#ready.push(first.number, name);
  }

  /** Entries of the heap are not taken out when they cease to hold. */
  #firstReady(): Group | undefined {
    for (let next = this.#ready.peek(); next !== undefined; next = this.#ready.peek()) {
      const group = this.#groups.get(next.value);
      if (group !== undefined && group.out === 0 && group.messages[0]?.number === next.key)
        return group;
      this.#ready.pop();
    }
    return undefined;
  }
}

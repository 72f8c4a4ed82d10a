import { MessageGroup, type QueuedMessage } from './message-group.ts';

/** The groups of a queue, and of which of them something can be given. */
export class MessageGroups {
  readonly #groups = new Map<string, MessageGroup>();
  /** In turn: one that was given comes after the others. */
  readonly #ready = new Set<MessageGroup>();

  /** The group of that name; a message of a standard queue is one by itself. */
  of(groupId: string | undefined): MessageGroup {
    const known = groupId === undefined ? undefined : this.#groups.get(groupId);
    if (known !== undefined) return known;
    const group = new MessageGroup(groupId);
    if (groupId !== undefined) this.#groups.set(groupId, group);
    return group;
  }

  add(message: QueuedMessage): void {
    message.group.add(message);
    if (message.group.out === 0) this.#ready.add(message.group);
  }

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  /** Groups of which something can be given; they may be held meanwhile. */
  ready(): Iterable<MessageGroup> {
    return this.#ready;
  }

  /** Nothing more of it is given until it is released. */
  hold(group: MessageGroup): void {
    this.#ready.delete(group);
  }

  /** A group of which nothing is out can be given, or is gone. */
  release(group: MessageGroup): void {
    if (group.out > 0) return;
    if (!group.isEmpty) this.#ready.add(group);
    else if (group.id !== undefined) this.#groups.delete(group.id);
  }
}

import { hash, randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { Alarms } from './alarms.ts';
import { MessageGroup, type QueuedMessage } from './message-group.ts';
import { RecentIds, type Sent } from './recent-ids.ts';
import { invalidParameter } from './sqs-error.ts';

/** How a queue was made. */
export interface QueueOptions {
  readonly name: string;
  readonly arn: string;
  /** As they were given. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly isFifo: boolean;
  /** Whether ids of messages are told apart within their group only. */
  readonly idsOfGroups: boolean;
  /** In seconds. */
  readonly visibilityS: number;
  /** Where messages go that were delivered that often. */
  readonly redrive?: { readonly maxReceiveCount: number; readonly to: () => Queue | undefined };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A message to be sent. */
export interface NewMessage {
  readonly body: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly delayS?: number;
}

type Accepted = Omit<QueuedMessage, 'sequence' | 'state' | 'dueMs' | 'receipt'> & {
  readonly delayMs: number;
};

/** Somebody who waits for messages. */
interface Waiter {
  readonly max: number;
  readonly visibilityS: number;
  readonly resolve: (messages: readonly QueuedMessage[]) => void;
}

const RECEIPT = /^(\d+)-(\d+)-([0-9a-f-]{36})$/;
/** Tells the receipts of this process from others. */
const PROCESS = randomUUID();

let sequence = 0;

/** A queue in memory. What a call does costs the same whatever is in it. */
export class Queue {
  readonly options: QueueOptions;
  /** All that is in it, by sequence. */
  readonly #messages = new Map<number, QueuedMessage>();
  readonly #groups = new Map<string, MessageGroup>();
  /** Groups of which something can be given, in turn. */
  readonly #ready = new Set<MessageGroup>();
  /** By sequence: what is gone must not be held by its alarm. */
  readonly #alarms = new Alarms<number>();
  readonly #recent = new RecentIds();
  readonly #waiters = new Set<Waiter>();
  readonly #counts = { delayed: 0, waiting: 0, out: 0 };
  #servesSoon = false;
  #timer: { readonly atMs: number; readonly handle: NodeJS.Timeout } | undefined;

  constructor(options: QueueOptions) {
    this.options = options;
  }

  /** Messages by their state. */
  counts(): Readonly<Record<QueuedMessage['state'], number>> {
    this.#wake();
    return this.#counts;
  }

  /** Keeps a message, unless one of its id came in the last five minutes: then that one is told. */
  send({ body, groupId, deduplicationId, delayS = 0 }: NewMessage): Sent {
    const { isFifo, idsOfGroups, now } = this.options;
    const nowMs = now();
    const uniqueId = idsOfGroups
      ? `${groupId?.length} ${groupId}${deduplicationId}`
      : deduplicationId;
    const known = isFifo ? this.#recent.find(uniqueId ?? '', nowMs) : undefined;
    if (known !== undefined) return known;
    const message = this.#accept({
      id: randomUUID(),
      body,
      md5: hash('md5', body),
      group: this.#groupOf(groupId),
      deduplicationId,
      sentMs: nowMs,
      receiveCount: 0,
      firstReceivedMs: undefined,
      delayMs: delayS * 1000,
    });
    const { id, md5 } = message;
    const sent = { id, md5, sequence: isFifo ? message.sequence : undefined };
    if (isFifo) this.#recent.add(uniqueId ?? '', sent, nowMs);
    return sent;
  }

  /** Takes a message that was sent here, or that another queue has given up. */
  #accept({ delayMs, ...given }: Accepted): QueuedMessage {
    sequence += 1;
    const state = delayMs > 0 ? 'delayed' : 'waiting';
    const dueMs = this.options.now() + delayMs;
    const message: QueuedMessage = { ...given, sequence, state, dueMs, receipt: '' };
    this.#messages.set(sequence, message);
    this.#counts[state] += 1;
    if (state === 'delayed') this.#alarms.set(sequence, dueMs);
    else this.#add(message);
    this.#serveSoon();
    return message;
  }

  #groupOf(groupId: string | undefined): MessageGroup {
    const known = groupId === undefined ? undefined : this.#groups.get(groupId);
    if (known !== undefined) return known;
    const group = new MessageGroup(groupId);
    if (groupId !== undefined) this.#groups.set(groupId, group);
    return group;
  }

  #add(message: QueuedMessage): void {
    message.group.add(message);
    if (message.group.out === 0) this.#ready.add(message.group);
  }

  /** Gives messages, at once or as soon as there are some; none after `waitMs`. */
  receive(
    max: number,
    visibilityS: number,
    waitMs: number,
    onGone: (listener: () => void) => void,
  ): readonly QueuedMessage[] | Promise<readonly QueuedMessage[]> {
    const messages = this.#deliver(max, visibilityS);
    if (messages.length > 0 || waitMs === 0) return messages;
    return new Promise((resolve) => {
      const end = (given: readonly QueuedMessage[]) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(given);
      };
      const waiter = { max, visibilityS, resolve: end };
      const timer = setTimeout(end, waitMs, []);
      this.#waiters.add(waiter);
      // Whoever has gone must not be given what somebody else waits for.
      onGone(() => end([]));
      this.#setTimer();
    });
  }

  /**
   * As many messages of one group as there are, then those of the next one (SQS Developer Guide,
   * "FIFO queue delivery logic"). A group that was received comes after the others.
   */
  #deliver(max: number, visibilityS: number): readonly QueuedMessage[] {
    this.#wake();
    const given: QueuedMessage[] = [];
    for (const group of this.#ready) {
      if (given.length === max) break;
      this.#ready.delete(group);
      while (given.length < max) {
        const message = group.take();
        if (message === undefined) break;
        if (!this.#giveUp(message)) given.push(this.#takeOut(message, visibilityS));
      }
      this.#release(group);
    }
    return given;
  }

  #takeOut(message: QueuedMessage, visibilityS: number): QueuedMessage {
    const nowMs = this.options.now();
    this.#move(message, 'out');
    message.group.out += 1;
    message.receiveCount += 1;
    message.firstReceivedMs ??= nowMs;
    message.receipt = `${message.sequence}-${message.receiveCount}-${PROCESS}`;
    message.dueMs = nowMs + visibilityS * 1000;
    this.#alarms.set(message.sequence, message.dueMs);
    return message;
  }

  /** Whether a message was delivered often enough, and is now in the dead-letter queue. */
  #giveUp(message: QueuedMessage): boolean {
    const { redrive } = this.options;
    if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
    const target = redrive.to();
    if (target === undefined) return false;
    this.#forget(message);
    target.#accept({ ...message, group: target.#groupOf(message.group.id), delayMs: 0 });
    return true;
  }

  #move(message: QueuedMessage, state: QueuedMessage['state']): void {
    this.#counts[message.state] -= 1;
    this.#counts[state] += 1;
    message.state = state;
  }

  #forget(message: QueuedMessage): void {
    this.#messages.delete(message.sequence);
    this.#counts[message.state] -= 1;
  }

  /** A group of which nothing is out can be given, or is gone. */
  #release(group: MessageGroup): void {
    if (group.out > 0) return;
    if (!group.isEmpty) this.#ready.add(group);
    else if (group.id !== undefined) this.#groups.delete(group.id);
  }

  /** Removes a message; one that is gone is no error. @throws AwsError */
  delete(receipt: string): void {
    const message = this.#find(receipt);
    if (message === undefined) return;
    const isNewest = message.receipt === receipt;
    const isHeld = isNewest && message.state === 'out';
    if (!isHeld && this.options.isFifo) throw expired(receipt);
    // A standard queue keeps what was received again since.
    if (!isNewest) return;
    this.#forget(message);
    if (!isHeld) return void this.#ready.delete(message.group);
    message.group.out -= 1;
    this.#release(message.group);
    this.#serveSoon();
  }

  /** Hides a message for that many seconds from now. @throws AwsError */
  changeVisibility(receipt: string, visibilityS: number): void {
    const message = this.#find(receipt);
    if (message === undefined)
      throw invalidParameter(
        'ReceiptHandle',
        receipt,
        'Message does not exist or is not available for visibility timeout change.',
      );
    if (message.receipt !== receipt && this.options.isFifo) throw expired(receipt);
    if (message.state !== 'out' || message.receipt !== receipt)
      throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
    const dueMs = this.options.now() + visibilityS * 1000;
    // An alarm that comes too early is set anew: only a time that is sooner needs another one.
    if (dueMs < message.dueMs) this.#alarms.set(message.sequence, dueMs);
    message.dueMs = dueMs;
    this.#wake();
    this.#serveSoon();
  }

  #find(receipt: string): QueuedMessage | undefined {
    const [, number, , process] = RECEIPT.exec(receipt) ?? [];
    if (process !== PROCESS)
      throw new AwsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${receipt}" is not a valid receipt handle.`,
      );
    this.#wake();
    return this.#messages.get(Number(number));
  }

  /** What is due is to be seen. */
  #wake(): void {
    const nowMs = this.options.now();
    for (;;) {
      const number = this.#alarms.take(nowMs);
      if (number === undefined) return;
      const message = this.#messages.get(number);
      if (message === undefined || message.state === 'waiting') continue;
      if (message.dueMs > nowMs) this.#alarms.set(number, message.dueMs);
      else this.#show(message);
    }
  }

  #show(message: QueuedMessage): void {
    const { state, group } = message;
    this.#move(message, 'waiting');
    if (state === 'delayed') this.#add(message);
    else {
      group.giveBack(message);
      group.out -= 1;
      this.#release(group);
    }
  }

  /** After all that a request does: whoever waits is given as much as there is. */
  #serveSoon(): void {
    if (this.#servesSoon || this.#waiters.size === 0) return;
    this.#servesSoon = true;
    queueMicrotask(() => {
      this.#servesSoon = false;
      this.#serve();
    });
  }

  /** Gives what there is to those who wait. */
  #serve(): void {
    for (const waiter of this.#waiters) {
      if (this.#ready.size === 0) break;
      const messages = this.#deliver(waiter.max, waiter.visibilityS);
      if (messages.length > 0) waiter.resolve(messages);
    }
    this.#setTimer();
  }

  /** While somebody waits, and only then, time passes by itself. */
  #setTimer(): void {
    const atMs = this.#waiters.size === 0 ? undefined : this.#alarms.nextMs;
    if (atMs === this.#timer?.atMs) return;
    clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
    if (atMs === undefined) return;
    const handle = setTimeout(
      () => {
        this.#timer = undefined;
        this.#wake();
        this.#serve();
      },
      Math.max(0, atMs - this.options.now()),
    );
    this.#timer = { atMs, handle };
  }

  /** Ends what waits, with nothing. */
  close(): void {
    for (const waiter of this.#waiters) waiter.resolve([]);
    this.#setTimer();
  }
}

function expired(receipt: string): AwsError {
  return invalidParameter('ReceiptHandle', receipt, 'The receipt handle has expired.');
}

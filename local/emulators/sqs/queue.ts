import { hash, randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { Alarms } from './alarms.ts';
import { LongPolls } from './long-polls.ts';
import type { QueuedMessage } from './message-group.ts';
import { MessageGroups } from './message-groups.ts';
import type { AcceptedMessage, NewMessage, QueueOptions } from './queue-options.ts';
import { expiredReceipt, receiptOf, sequenceOf } from './receipts.ts';
import { RecentIds, type Sent } from './recent-ids.ts';
import { invalidParameter } from './sqs-error.ts';

let sequence = 0;

/** A queue in memory. What a call does costs the same whatever is in it. */
export class Queue {
  readonly options: QueueOptions;
  /** All that is in it, by sequence. */
  readonly #messages = new Map<number, QueuedMessage>();
  readonly #groups = new MessageGroups();
  /** By sequence: what is gone must not be held by its alarm. */
  readonly #alarms = new Alarms<number>();
  readonly #recent = new RecentIds();
  readonly #polls: LongPolls<QueuedMessage>;
  readonly #counts = { delayed: 0, waiting: 0, out: 0 };

  constructor(options: QueueOptions) {
    this.options = options;
    this.#polls = new LongPolls({
      isReady: () => {
        this.#wake();
        return this.#groups.hasReady;
      },
      deliver: (max, visibilityS) => this.#deliver(max, visibilityS),
      nextMs: () => this.#alarms.nextMs,
      now: options.now,
    });
  }

  /** Messages by their state. */
  counts(): Readonly<Record<QueuedMessage['state'], number>> {
    this.#wake();
    return this.#counts;
  }

  /**
   * Keeps a message, unless one of its id came in the last five minutes: then that one is told. All
   * messages of one request have one `nowMs`, so that what they wait for ends at once.
   */
  send(message: NewMessage, nowMs: number = this.options.now()): Sent {
    const { body, groupId, deduplicationId, delayS = 0 } = message;
    const { isFifo, idsOfGroups } = this.options;
    const uniqueId = idsOfGroups
      ? `${groupId?.length} ${groupId}${deduplicationId}`
      : deduplicationId;
    const known = isFifo ? this.#recent.find(uniqueId ?? '', nowMs) : undefined;
    if (known !== undefined) return known;
    const kept = this.#accept({
      id: randomUUID(),
      body,
      md5: hash('md5', body),
      group: this.#groups.of(groupId),
      deduplicationId,
      sentMs: nowMs,
      receiveCount: 0,
      firstReceivedMs: undefined,
      dueMs: nowMs + delayS * 1000,
      state: delayS > 0 ? 'delayed' : 'waiting',
    });
    const { id, md5 } = kept;
    const sent = { id, md5, sequence: isFifo ? kept.sequence : undefined };
    if (isFifo) this.#recent.add(uniqueId ?? '', sent, nowMs);
    return sent;
  }

  /** Takes a message that was sent here, or that another queue has given up. */
  #accept(accepted: AcceptedMessage): QueuedMessage {
    sequence += 1;
    const message: QueuedMessage = { ...accepted, sequence, receipt: '' };
    const { state, dueMs } = message;
    this.#messages.set(sequence, message);
    this.#counts[state] += 1;
    if (state === 'delayed') this.#alarms.set(sequence, dueMs);
    else this.#groups.add(message);
    this.#polls.serveSoon();
    return message;
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
    return this.#polls.wait(max, visibilityS, waitMs, onGone);
  }

  /**
   * As many messages of one group as there are, then those of the next one (SQS Developer Guide,
   * "FIFO queue delivery logic"). A group that was received comes after the others.
   */
  #deliver(max: number, visibilityS: number): readonly QueuedMessage[] {
    this.#wake();
    const nowMs = this.options.now();
    const given: QueuedMessage[] = [];
    for (const group of this.#groups.ready()) {
      if (given.length === max) break;
      this.#groups.hold(group);
      while (given.length < max) {
        const message = group.take();
        if (message === undefined) break;
        if (!this.#giveUp(message))
          given.push(this.#takeOut(message, nowMs, nowMs + visibilityS * 1000));
      }
      this.#groups.release(group);
    }
    return given;
  }

  #takeOut(message: QueuedMessage, nowMs: number, dueMs: number): QueuedMessage {
    this.#move(message, 'out');
    message.group.out += 1;
    message.receiveCount += 1;
    message.firstReceivedMs ??= nowMs;
    message.receipt = receiptOf(message.sequence, message.receiveCount);
    message.dueMs = dueMs;
    this.#alarms.set(message.sequence, dueMs);
    return message;
  }

  /** Takes a message that another queue gives up. */
  take(message: QueuedMessage): void {
    const group = this.#groups.of(message.group.id);
    this.#accept({ ...message, group, state: 'waiting' });
  }

  /** Whether a message was delivered often enough, and is now in the dead-letter queue. */
  #giveUp(message: QueuedMessage): boolean {
    const { redrive } = this.options;
    if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
    const target = redrive.to();
    if (target === undefined) return false;
    this.#forget(message);
    target.take(message);
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

  /** Removes a message; one that is gone is no error. @throws AwsError */
  delete(receipt: string): void {
    const message = this.#find(receipt);
    if (message === undefined) return;
    const isNewest = message.receipt === receipt;
    const isHeld = isNewest && message.state === 'out';
    if (!isHeld && this.options.isFifo) throw expiredReceipt(receipt);
    // A standard queue keeps what was received again since.
    if (!isNewest) return;
    this.#forget(message);
    if (!isHeld) {
      this.#groups.hold(message.group);
      return;
    }
    message.group.out -= 1;
    this.#groups.release(message.group);
    this.#polls.serveSoon();
  }

  /** Hides a message for that many seconds from `nowMs` on. @throws AwsError */
  changeVisibility(receipt: string, visibilityS: number, nowMs: number = this.options.now()): void {
    const message = this.#find(receipt);
    if (message === undefined)
      throw invalidParameter(
        'ReceiptHandle',
        receipt,
        'Message does not exist or is not available for visibility timeout change.',
      );
    if (message.receipt !== receipt && this.options.isFifo) throw expiredReceipt(receipt);
    if (message.state !== 'out' || message.receipt !== receipt)
      throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
    const dueMs = nowMs + visibilityS * 1000;
    // An alarm that comes too early is set again: only a time that is sooner needs another one.
    if (dueMs < message.dueMs) this.#alarms.set(message.sequence, dueMs);
    message.dueMs = dueMs;
    this.#wake();
    this.#polls.serveSoon();
  }

  #find(receipt: string): QueuedMessage | undefined {
    const number = sequenceOf(receipt);
    this.#wake();
    return this.#messages.get(number);
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
    if (state === 'delayed') this.#groups.add(message);
    else {
      group.giveBack(message);
      group.out -= 1;
      this.#groups.release(group);
    }
  }

  /** Ends what waits, with nothing. */
  close(): void {
    this.#polls.close();
  }
}

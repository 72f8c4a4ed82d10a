import type { Clock } from '../../core/ports/clock.ts';

/** How long SQS remembers a deduplication id, in milliseconds. */
const DEDUPLICATION_MS = 5 * 60 * 1000;
/** Longest visibility time that SQS knows, in seconds. */
const MAX_VISIBILITY_S = 43_200;

/** What a queue is set to. */
export interface FifoQueueOptions {
  /** How long a received message stays hidden, in milliseconds. */
  readonly visibilityMs: number;
  /** Messages of one group in one receive: SQS gives many, some emulators one. */
  readonly perGroup?: 'one' | 'many';
  /** Deliveries before a message goes to the dead letters; no limit when absent. */
  readonly maxReceiveCount?: number;
  readonly deadLetters?: MemoryFifoQueue;
}

/** What is put into a queue. */
export interface OutgoingMessage {
  readonly group: string;
  readonly deduplicationId: string;
  readonly body: string;
}

/** One delivery of a message. */
export interface DeliveredMessage {
  readonly messageId: string;
  readonly group: string;
  readonly body: string;
  /** Names this delivery; worthless when its visibility time is over. */
  readonly receipt: string;
  /** Deliveries so far, this one included. */
  readonly receiveCount: number;
  /** When it was delivered for the first time, in milliseconds since 1970. */
  readonly firstReceivedMs: number;
}

interface Message {
  readonly messageId: string;
  readonly outgoing: OutgoingMessage;
  receiveCount: number;
  firstReceivedMs: number;
  receipt: string;
  hiddenUntilMs: number;
}

/** A receipt whose visibility time is over: SQS refuses it on a FIFO queue. */
export class ReceiptExpiredError extends Error {
  override readonly name = 'ReceiptExpiredError';
}

/** An SQS FIFO queue in memory: groups, visibility, deduplication, redrive. */
export class MemoryFifoQueue {
  readonly clock: Clock;
  readonly #options: FifoQueueOptions;
  /** By id, in the order they were sent; a message that comes back takes its old place. */
  readonly #messages = new Map<string, Message>();
  /** By receipt, those that are hidden or were lately. */
  readonly #out = new Map<string, Message>();
  readonly #deduplicated = new Map<string, number>();
  readonly #deleted = new Set<string>();
  readonly #waiters: (() => void)[] = [];
  #sent = 0;

  constructor(clock: Clock, options: FifoQueueOptions) {
    this.clock = clock;
    this.#options = options;
  }

  /** Keeps a message, or drops it in silence when its group saw the id in the last five minutes. */
  send(outgoing: OutgoingMessage): void {
    const now = this.clock.now();
    const id = `${outgoing.group} ${outgoing.deduplicationId}`;
    if ((this.#deduplicated.get(id) ?? 0) > now) return;
    this.#deduplicated.set(id, now + DEDUPLICATION_MS);
    this.#sent += 1;
    const messageId = `message-${this.#sent}`;
    this.#messages.set(messageId, {
      messageId,
      outgoing,
      receiveCount: 0,
      firstReceivedMs: 0,
      receipt: '',
      hiddenUntilMs: 0,
    });
    this.#tellChange();
  }

  /**
   * At most `max` messages, none of a group that has one in flight. They stay hidden for that many
   * milliseconds, in whole seconds; by default as long as the queue is set to.
   */
  receive(max: number, visibilityMs = this.#options.visibilityMs): readonly DeliveredMessage[] {
    const closed = new Set(this.#hidden().map(groupOf));
    const delivered: DeliveredMessage[] = [];
    for (const message of this.#messages.values()) {
      if (delivered.length === max) break;
      if (closed.has(groupOf(message)) || this.#redrive(message)) continue;
      delivered.push(this.#deliver(message, visibilityMs));
      if (this.#options.perGroup === 'one') closed.add(groupOf(message));
    }
    return delivered;
  }

  /** Takes a message off the queue; once more does no harm. @throws ReceiptExpiredError */
  acknowledge(receipt: string): void {
    if (this.#deleted.has(receipt)) return;
    const { messageId } = this.#inFlight(receipt);
    this.#messages.delete(messageId);
    this.#out.delete(receipt);
    this.#deleted.add(receipt);
    this.#tellChange();
  }

  /** Hides a message for that many milliseconds from now, in whole seconds. @throws ReceiptExpiredError */
  hide(receipt: string, ms: number): void {
    this.#inFlight(receipt).hiddenUntilMs = this.clock.now() + wholeSeconds(ms);
    this.#tellChange();
  }

  /** Resolves when a message is sent, deleted or hidden for another time. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Messages that wait to be received. */
  depth(): number {
    return this.#messages.size - this.#hidden().length;
  }

  /** Messages that wait or are out. */
  get size(): number {
    return this.#messages.size;
  }

  /** When the next message in flight comes back; undefined when none is out. */
  nextReturnMs(): number | undefined {
    const hidden = this.#hidden();
    if (hidden.length === 0) return undefined;
    return Math.min(...hidden.map(({ hiddenUntilMs }) => hiddenUntilMs));
  }

  #tellChange(): void {
    for (const tell of this.#waiters.splice(0)) tell();
  }

  #deliver(message: Message, visibilityMs: number): DeliveredMessage {
    const now = this.clock.now();
    const { messageId, outgoing } = message;
    if (message.receiveCount === 0) message.firstReceivedMs = now;
    message.receiveCount += 1;
    message.hiddenUntilMs = now + wholeSeconds(visibilityMs);
    const { receiveCount, firstReceivedMs } = message;
    const receipt = `${messageId}#${receiveCount}`;
    message.receipt = receipt;
    this.#out.set(receipt, message);
    const { group, body } = outgoing;
    return { messageId, group, body, receipt, receiveCount, firstReceivedMs };
  }

  /** True when the message had its deliveries and is among the dead letters now. */
  #redrive(message: Message): boolean {
    const { maxReceiveCount, deadLetters } = this.#options;
    if (maxReceiveCount === undefined || message.receiveCount < maxReceiveCount) return false;
    this.#messages.delete(message.messageId);
    deadLetters?.send({ ...message.outgoing, deduplicationId: message.messageId });
    return true;
  }

  #inFlight(receipt: string): Message {
    const message = this.#out.get(receipt);
    if (message !== undefined && this.#isHidden(message) && message.receipt === receipt)
      return message;
    throw new ReceiptExpiredError(`${receipt} names no delivery in flight`);
  }

  #hidden(): readonly Message[] {
    const hidden: Message[] = [];
    for (const [receipt, message] of this.#out) {
      if (message.receipt === receipt && this.#isHidden(message)) hidden.push(message);
      else this.#out.delete(receipt);
    }
    return hidden;
  }

  #isHidden(message: Message): boolean {
    return message.hiddenUntilMs > this.clock.now();
  }
}

/** The time in milliseconds that SQS makes of one: whole seconds, at most twelve hours. */
function wholeSeconds(ms: number): number {
  return Math.min(MAX_VISIBILITY_S, Math.max(0, Math.ceil(ms / 1000))) * 1000;
}

function groupOf(message: Message): string {
  return message.outgoing.group;
}

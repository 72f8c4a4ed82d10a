interface Message {
  readonly messageGroupId?: string;
  /** Of one length in all messages of a queue. */
  readonly sequenceNumber?: string;
}

/** A FIFO queue of fauxqs, as far as it is changed here. */
interface FifoQueue {
  /** By group, in the order in which they are given. */
  readonly fifoMessages: Map<string, Message[]>;
  /** By receipt. */
  readonly inflightMessages: ReadonlyMap<string, { readonly message: Message }>;
  /** Messages in flight, by group: none of it is given. */
  fifoLockedGroups: Map<string, number>;
  /** Messages whose time is over come back. */
  processTimers(): void;
  dequeueFifo: Dequeue;
}

type Dequeue = (max: number, ...rest: readonly unknown[]) => readonly unknown[];

/** Most messages of one receive. */
const MAX_MESSAGES = 10;

/**
 * Makes fauxqs give several messages of one group in one receive, as SQS does: "as many messages
 * with the same message group ID as possible" (SQS Developer Guide, "FIFO queue delivery logic").
 * By itself it gives one of each group and no more, so that a host of a thousand pictures takes ten
 * times the receives, and a worker never meets two tasks of a group at once. Groups take turns: one
 * that was received goes behind the others, so that none waits for ever. Messages that come back
 * take their old places. Call it before a queue is used.
 */
export async function deliverWholeGroups(): Promise<void> {
  const place = new URL('./sqs/sqsStore.js', import.meta.resolve('fauxqs'));
  const { SqsQueue }: { SqsQueue: { prototype: FifoQueue } } = await import(place.href);
  const { dequeueFifo } = SqsQueue.prototype;
  if (changed.has(dequeueFifo)) return;
  const whole = wholeGroups(dequeueFifo);
  changed.add(whole);
  SqsQueue.prototype.dequeueFifo = whole;
}

const changed = new WeakSet<Dequeue>();

function wholeGroups(oneOfEach: Dequeue): Dequeue {
  return function (this: FifoQueue, max, ...rest) {
    this.processTimers();
    putInOrder(this);
    const locked = groupsInFlight(this);
    const delivered: unknown[] = [];
    const taken: string[] = [];
    const most = Math.min(max, MAX_MESSAGES);
    for (const group of this.fifoMessages.keys()) {
      if (delivered.length === most) break;
      if (locked.has(group)) continue;
      taken.push(group);
      this.fifoLockedGroups = new AllLockedBut(group);
      while (delivered.length < most) {
        const [next] = oneOfEach.call(this, 1, ...rest);
        if (next === undefined) break;
        delivered.push(next);
      }
    }
    for (const group of taken) putLast(this, group);
    this.fifoLockedGroups = groupsInFlight(this);
    return delivered;
  };
}

/** Locks of all groups but one: what a receive has taken of that one does not close it. */
class AllLockedBut extends Map<string, number> {
  readonly #open: string;

  constructor(open: string) {
    super();
    this.#open = open;
  }

  override has(group: string): boolean {
    return group !== this.#open;
  }
}

/** The group is the last one to be taken next time; nothing where it has no message left. */
function putLast({ fifoMessages }: FifoQueue, group: string): void {
  const messages = fifoMessages.get(group);
  if (messages === undefined) return;
  fifoMessages.delete(group);
  fifoMessages.set(group, messages);
}

function putInOrder({ fifoMessages }: FifoQueue): void {
  for (const messages of fifoMessages.values()) messages.sort(bySequence);
}

function bySequence({ sequenceNumber: a = '' }: Message, { sequenceNumber: b = '' }: Message) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** How many messages of each group are out. */
function groupsInFlight({ inflightMessages }: FifoQueue): Map<string, number> {
  const groups = new Map<string, number>();
  for (const { message } of inflightMessages.values()) {
    const { messageGroupId } = message;
    if (messageGroupId === undefined) continue;
    groups.set(messageGroupId, (groups.get(messageGroupId) ?? 0) + 1);
  }
  return groups;
}

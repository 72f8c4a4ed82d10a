import type { QueuedMessage } from './message-group.ts';

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
  readonly redrive?: {
    readonly maxReceiveCount: number;
    readonly to: () => DeadLetterQueue | undefined;
  };
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

/** A message that a queue takes, sent or given up by another queue. */
export type AcceptedMessage = Omit<QueuedMessage, 'sequence' | 'receipt'>;

/** Takes what another queue gives up. */
export interface DeadLetterQueue {
  take(message: QueuedMessage): void;
}

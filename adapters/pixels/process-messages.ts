import type { ImageToWork, ImageWorkEnd } from '../../core/ports/image-work.ts';

/** What a worker asks of the process for images. */
export interface Order {
  readonly id: number;
  readonly image: ImageToWork;
}

/** What the process answers: that it has started, and then one answer to each order. */
export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly end: ImageWorkEnd }
  /** The work cannot be done here at all. */
  | { readonly kind: 'broken'; readonly id: number; readonly message: string };

/** Exit code of a process that took more memory than it may. */
export const OUT_OF_MEMORY = 77;

const KINDS: ReadonlySet<unknown> = new Set(['ready', 'done', 'broken']);

/** Both ends are of one version and one build: only the shape is looked at. @throws Error */
export function replyOf(message: unknown): Reply {
  if (isReply(message)) return message;
  throw new Error('the process for image work answered something else');
}

function isReply(message: unknown): message is Reply {
  return typeof message === 'object' && message !== null && KINDS.has(Reflect.get(message, 'kind'));
}

/** @throws Error where it is no order. */
export function orderOf(message: unknown): Order {
  if (isOrder(message)) return message;
  throw new Error('expected an image to work on');
}

function isOrder(message: unknown): message is Order {
  return typeof message === 'object' && message !== null && 'id' in message && 'image' in message;
}

import type { Fields } from '../fields.ts';
import type { CallContext } from '../json-service.ts';
import type { Queue } from './queue.ts';

/** A call that is carried out. */
export interface SqsRequest extends CallContext {
  readonly input: Fields;
  /** By their names. */
  readonly queues: Map<string, Queue>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One operation of SQS. */
export interface SqsCall {
  /** All parameters that it knows here. */
  readonly parameters: readonly string[];
  /** @throws AwsError */
  run(request: SqsRequest): Fields | Promise<Fields>;
}

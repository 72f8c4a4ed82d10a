import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import type { InvocationEnd } from './function-instance.ts';
import type { LocalFunction } from './local-function.ts';
import { toEvent } from './sqs-event.ts';

/** A queue that feeds a function, as the template describes it. */
export interface EventSourceSpec {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** Invocations at once. */
  readonly maxConcurrency: number;
  /** The queue's visibility time, in seconds. */
  readonly visibilityS: number;
}

/** Who asks the queue. */
export interface QueueClients {
  /** Lambda's pollers have no rights of their own: they are judged as the function. */
  readonly asFunction: SQSClient;
  /** For what only this machine does. */
  readonly asOperator: SQSClient;
  /**
   * The server outlives this process: a poll that it goes on with while nobody waits would take
   * tasks along, for as long as their visibility lasts. So polls are short there, and waited for.
   */
  readonly outlived?: boolean;
}

/** How long a poll waits for messages, in seconds: the longest that SQS knows. */
const POLL_S = 20;
/** And on a server that outlives us. */
const SHORT_POLL_S = 1;
/** Longest wait of messages whose function failed, in seconds. */
const MOST_BACK_S = 4;
/** Pause after a poll that failed, in milliseconds. */
const POLL_FAILED_MS = 500;

/** What Lambda does between a queue and a function: polls, invokes, deletes what was done. */
export class EventSource {
  readonly #spec: EventSourceSpec;
  readonly #clients: QueueClients;
  readonly #target: LocalFunction;
  readonly #onDeath: (name: string, error: string) => void;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #polling: Promise<void>;

  constructor(
    spec: EventSourceSpec,
    clients: QueueClients,
    target: LocalFunction,
    onDeath: (name: string, error: string) => void,
  ) {
    this.#spec = spec;
    this.#clients = clients;
    this.#target = target;
    this.#onDeath = onDeath;
    this.#polling = this.#poll();
  }

  /** Polls no more, and waits at most that long for what is running. */
  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    // A poll that waits for room ends with an invocation: the grace holds for it too.
    const drained = this.#polling.then(() => Promise.all(this.#running));
    await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
  }

  async #poll(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      if (this.#running.size >= this.#spec.maxConcurrency) {
        await Promise.race(this.#running);
        continue;
      }
      const messages = await this.#receive();
      if (messages.length === 0) continue;
      const run = this.#invoke(messages).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }

  async #receive(): Promise<readonly Message[]> {
    const { queueUrl, batchSize } = this.#spec;
    const { asFunction, outlived = false } = this.#clients;
    const receive = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: Math.min(10, batchSize),
      WaitTimeSeconds: outlived ? SHORT_POLL_S : POLL_S,
      MessageSystemAttributeNames: ['All'],
    });
    try {
      const abortSignal = outlived ? undefined : this.#stop.signal;
      const answer = await asFunction.send(receive, { abortSignal });
      return answer.Messages ?? [];
    } catch {
      // Lambda's pollers outlive any outage of the queue; so does this one.
      if (!this.#stop.signal.aborted) await new Promise((go) => setTimeout(go, POLL_FAILED_MS));
      return [];
    }
  }

  async #invoke(messages: readonly Message[]): Promise<void> {
    const end = await this.#target.invoke(toEvent(messages, this.#spec.queueArn));
    const failed = failuresOf(end, messages);
    if (failed === 'all') {
      if (end.kind !== 'returned') this.#onDeath(this.#target.spec.name, end.error);
      return this.#giveBack(messages);
    }
    await this.#delete(messages.filter(({ MessageId }) => !failed.has(MessageId ?? '')));
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const Entries = messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    const QueueUrl = this.#spec.queueUrl;
    const remove = new DeleteMessageBatchCommand({ QueueUrl, Entries });
    await this.#quietly(this.#clients.asFunction.send(remove));
  }

  /**
   * AWS lets the messages of a function that failed wait out their visibility time. Here the
   * function is known to be gone, so nothing is gained by waiting that long: they come back after
   * 1, 2, 4, 4 … seconds.
   */
  async #giveBack(messages: readonly Message[]): Promise<void> {
    const Entries = messages.map(({ ReceiptHandle, Attributes }, at) => {
      const seconds = 2 ** (Number(Attributes?.ApproximateReceiveCount ?? 1) - 1);
      const VisibilityTimeout = Math.min(seconds, MOST_BACK_S, this.#spec.visibilityS);
      return { Id: String(at), ReceiptHandle, VisibilityTimeout };
    });
    const QueueUrl = this.#spec.queueUrl;
    const change = new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries });
    await this.#quietly(this.#clients.asOperator.send(change));
  }

  /** A message that could not be deleted or given back comes again by itself. */
  async #quietly(call: Promise<unknown>): Promise<void> {
    await call.catch(() => {});
  }
}

const batchResponse = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
}) satisfies z.ZodType<Nullish<SQSBatchResponse>>;

type Nullish<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | null };

/**
 * The messages that a function reports as failed. An answer that is no batch response, or that
 * names a message it was not given, fails the whole batch (Lambda, "Implementing partial batch
 * responses"); nothing, or an answer without a list, is success.
 */
function failuresOf(end: InvocationEnd, messages: readonly Message[]): ReadonlySet<string> | 'all' {
  if (end.kind !== 'returned') return 'all';
  if (end.value === null || end.value === undefined) return new Set();
  const parsed = batchResponse.safeParse(end.value);
  if (!parsed.success) return 'all';
  const failed = (parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  const given = new Set(messages.map(({ MessageId }) => MessageId));
  return failed.every((id) => given.has(id)) ? new Set(failed) : 'all';
}

import { availableParallelism } from 'node:os';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { BuiltStack } from '../built-stack.ts';
import { identityOf, type LOCAL_IDENTITY } from '../local-clients.ts';
import type { PermissionJudge } from '../permissions/permission-judge.ts';
import { UnsupportedTemplateError } from '../template/template.ts';
import { EventSource } from './event-source.ts';
import type { LocalFunction } from './local-function.ts';

/** What feeding functions takes. */
export interface FeedOptions {
  readonly judge: PermissionJudge;
  /** The operator's client of the queues, and where they are. */
  readonly sqs: SQSClient;
  readonly endpoint: string;
  /** Invocations of the worker at once; by default as many as there are processors, at least 2. */
  readonly workers?: number;
  /** As whom the queues are polled for a function. */
  readonly identify?: (
    functionName: string,
  ) => ReturnType<typeof identityOf> | typeof LOCAL_IDENTITY;
  /** Whether the server of the queues outlives this process. */
  readonly outlived?: boolean;
  readonly onDeath: (name: string, error: string) => void;
}

/** Something that polls. */
export interface Feed {
  stop(graceMs: number): Promise<void>;
}

/** What Lambda wants of a function's role before it polls a queue for it. */
const POLL = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/**
 * Begins to feed functions from their queues. @throws UnsupportedTemplateError when the role of a
 * function does not allow it: AWS makes no event source mapping then.
 */
export function feedFunctions(
  { eventSources, outputs }: Pick<BuiltStack, 'eventSources' | 'outputs'>,
  functions: ReadonlyMap<string, LocalFunction>,
  { judge, sqs, endpoint, workers, identify = identityOf, outlived, onDeath }: FeedOptions,
): readonly Feed[] {
  for (const { functionName, queueArn } of eventSources) mustPoll(functionName, queueArn, judge);
  const here = workers ?? Math.max(2, availableParallelism());
  return eventSources.flatMap(({ functionName, ...spec }) => {
    const target = functions.get(functionName);
    if (target === undefined) return [];
    const isWorker = functionName === outputs.WorkerFunctionName;
    const most = isWorker && workers !== undefined ? workers : Math.min(spec.maxConcurrency, here);
    const connection = { ...identify(functionName), endpoint, useQueueUrlAsEndpoint: false };
    const asFunction = new SQSClient(connection);
    const clients = { asFunction, asOperator: sqs, outlived };
    const source = new EventSource({ ...spec, maxConcurrency: most }, clients, target, onDeath);
    const stop = (graceMs: number) => source.stop(graceMs).finally(() => asFunction.destroy());
    return { stop };
  });
}

function mustPoll(functionName: string, resource: string, judge: PermissionJudge): void {
  const lacking = POLL.filter((action) => !judge.allows(functionName, { action, resource }));
  if (lacking.length === 0) return;
  const problem = `${functionName} may not ${lacking.join(', ')} on ${resource}`;
  throw new UnsupportedTemplateError(`event source: ${problem}, which feeds it`);
}

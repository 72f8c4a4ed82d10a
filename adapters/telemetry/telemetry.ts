import { channel } from 'node:diagnostics_channel';
import type { End, FunctionName } from '../../contract/metrics.ts';
import type { Reason, Status } from '../../core/model/outcome.ts';
import type { SettledResult } from '../../core/model/result.ts';
import type { Task } from '../../core/model/task.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Observer, TaskEnd } from '../../core/ports/observer.ts';
import type { ReceivedTask } from '../../core/ports/task-queue.ts';
import { sqsRequestsFor } from '../aws/metered-clients.ts';
import type { Bill } from './bill.ts';
import type { FaultLog } from './fault-log.ts';
import type { Log, LogFields } from './log.ts';
import type { PrintMetrics } from './metric-line.ts';
import { NotingLog } from './noting-log.ts';
import { RunSums } from './run-sums.ts';

/** Dependencies of Telemetry. */
export interface TelemetryPorts {
  readonly clock: Clock;
  /** A log that is told when an invocation begins. */
  readonly log: Log & { begin(requestId: string): void };
  readonly printMetrics: PrintMetrics;
  readonly bill: Bill;
  /** Where people who follow a run read what went wrong. */
  readonly faults?: Pick<FaultLog, 'note' | 'flush'>;
}

/** What Lambda tells of an invocation, as far as it is used. */
interface Invocation {
  readonly awsRequestId: string;
}

/** Told each settled target; a local runner listens in its threads while a crawl is watched. */
const SETTLED = channel('image-crawler:settled');

/** A long invocation tells every minute how far it is: no alarm should take it for dead. */
const TELL_MS = 60_000;

/**
 * Watches the invocations of one function. All that happens is summed for each run, and printed at
 * the end of the invocation and each minute before: never a line for each image.
 */
export class Telemetry implements Observer {
  readonly log: Log;
  readonly #ports: TelemetryPorts;
  readonly #name: FunctionName;
  /** By run; what is of no run is under undefined. */
  readonly #sums = new Map<string | undefined, RunSums>();
  readonly #runIds = new Set<string>();
  readonly #taskIds = new Set<string>();
  #isCold = true;
  #toldMs = 0;

  /** `name` is that of the function that is watched. */
  constructor(ports: TelemetryPorts, name: FunctionName) {
    this.#ports = ports;
    this.#name = name;
    this.log = ports.faults === undefined ? ports.log : new NotingLog(ports.log, ports.faults);
  }

  /** A handler that is watched. */
  watch<Event, Context extends Invocation, Answer>(
    handler: (event: Event, context: Context) => Promise<Answer>,
  ): (event: Event, context: Context) => Promise<Answer> {
    return async (event, context) => {
      this.#begin(context);
      try {
        return await handler(event, context);
      } catch (error) {
        this.#ports.faults?.note([...this.#runIds], 'the function threw', error);
        throw error;
      } finally {
        this.#tell();
        await this.#ports.faults?.flush();
        this.#ports.bill.end();
      }
    };
  }

  settled(result: SettledResult): void {
    const keptBytes = this.#of(result.runId).settled(result);
    // What is kept is paid for by the month: the first one is the run's.
    this.#ports.bill.charge('objectGbMonths', keptBytes / 1e9);
    if (SETTLED.hasSubscribers) SETTLED.publish(result);
    const { runId, taskId, url, status, reason, attempts, durationMs } = result;
    if (this.log.isDebug)
      this.log.debug('settled', { runId, taskId, url, status, reason, attempts, durationMs });
    if (this.#ports.clock.now() - this.#toldMs >= TELL_MS) this.#tell();
  }

  retrying({ runId, taskId }: Task, url: string, reason: Reason): void {
    this.#of(runId).add('Retries');
    if (this.log.isDebug) this.log.debug('to be tried again', { runId, taskId, url, reason });
  }

  backedOff(host: string, reason: Reason, pauseMs: number): void {
    this.#of(undefined).add('HostsBackedOff');
    this.log.info('host is paused', { ...this.#about(), host, reason, pauseMs });
  }

  deferred({ runId }: Task, targets: number): void {
    this.#of(runId).add('TargetsDeferred', targets);
  }

  taskBegun({ runId, taskId }: Task): void {
    this.worksFor(runId, taskId);
  }

  taskEnded({ task, receiveCount }: ReceivedTask, end: TaskEnd): void {
    const { runId, taskId, targets } = task;
    this.#taskIds.delete(taskId);
    const about = { runId, taskId, targets: targets.length, receiveCount };
    this.messageEnded(runId, end.kind);
    if (end.kind === 'broken') this.log.error('task broke', { ...about, error: end.error });
    else this.log.info(`task ${end.kind}`, about);
  }

  poison(messageId: string, problem: string): void {
    this.messageEnded(undefined, 'poison');
    this.log.error('poison message', { messageId, problem });
  }

  memoryUnreadable(runId: string, packs: number): void {
    const message = 'memory of another version is left alone: its URLs are asked for again';
    this.log.error(message, { ...this.#about(), runId, packs });
  }

  memoryFailed(runId: string, error: unknown): void {
    const message = 'what was kept is not remembered: a later run loads it again';
    this.log.error(message, { ...this.#about(), runId, error: String(error) });
  }

  receiveFailed(error: unknown): void {
    this.log.error('queue did not answer', { ...this.#about(), error: String(error) });
  }

  /** Messages came: Lambda's pollers receive them, and delete what is done, as the function. */
  received(bytes: number): void {
    this.#ports.bill.charge('queueRequests', 1 + sqsRequestsFor(bytes));
  }

  /** A message left the worker. */
  messageEnded(runId: string | undefined, end: End): void {
    this.#of(runId).taskEnded(end);
  }

  /** A deferred task went back to its group. */
  sentBack(runId: string, taskId: string): void {
    this.worksFor(runId, taskId);
    this.#of(runId).add('DeferredTasks');
    if (this.log.isDebug) this.log.debug('deferred task sent back', { runId, taskId });
  }

  /** A task came to the dead-letter function. */
  deadTask(runId: string): void {
    this.#of(runId).add('DeadTasks');
  }

  /** A target was given up there. */
  givenUp(runId: string, status: Status, reason: Reason): void {
    this.#of(runId).add('DeadLetters');
    this.#of(runId).ended(status, reason);
  }

  /** A message was given up there that nobody can read. */
  poisonKept(): void {
    this.#of(undefined).add('DeadTasks');
    this.#of(undefined).add('DeadLetters');
  }

  /** The invocation is of this run, and perhaps of this task of it, whatever happens. */
  worksFor(runId: string, taskId?: string): void {
    this.#of(runId);
    this.#runIds.add(runId);
    if (taskId !== undefined) this.#taskIds.add(taskId);
  }

  /** For a line that is not about one task: the runs and tasks that it may be about. */
  #about(): LogFields {
    return { runIds: [...this.#runIds], taskIds: [...this.#taskIds] };
  }

  #of(runId: string | undefined): RunSums {
    const known = this.#sums.get(runId);
    if (known !== undefined) return known;
    const sums = new RunSums();
    this.#sums.set(runId, sums);
    return sums;
  }

  #begin({ awsRequestId }: Invocation): void {
    this.#ports.log.begin(awsRequestId);
    this.#runIds.clear();
    this.#taskIds.clear();
    this.#ports.bill.begin();
    this.#toldMs = this.#ports.clock.now();
    if (this.#isCold) this.#of(undefined).coldStart(this.#name);
    this.#isCold = false;
  }

  #tell(): void {
    const { clock, bill, printMetrics } = this.#ports;
    this.#toldMs = clock.now();
    this.#share(bill.take());
    for (const [runId, sums] of this.#sums)
      for (const line of sums.lines()) printMetrics(line, runId);
    this.#sums.clear();
  }

  /** What an invocation cost is borne by its runs, each by what was done for it. */
  #share(dollars: number): void {
    const runs = [...this.#sums].filter(([runId]) => runId !== undefined).map(([, sums]) => sums);
    const bearers = runs.length > 0 ? runs : [this.#of(undefined)];
    const whole = bearers.reduce((sum, { weight }) => sum + weight, 0);
    for (const bearer of bearers) {
      const part = whole > 0 ? bearer.weight / whole : 1 / bearers.length;
      bearer.add('EstimatedCost', dollars * part);
    }
  }
}

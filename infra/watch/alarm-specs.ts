import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Settings } from '../settings.ts';
import { formula, ofAws, own, PERIOD, settledBy, type WatchedParts } from './metrics.ts';

/** One alarm: it goes off when the metric reaches the threshold in so many periods out of so many. */
export interface AlarmSpec {
  /** Its heading in the runbook. */
  readonly heading: string;
  /** One sentence for who is woken by it. */
  readonly about: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly datapoints: number;
  readonly periods: number;
}

/** Targets in a period below which a share of failures says nothing. */
const FEW_TARGETS = 100;
/** How long the dead-letter function may need to take a dead task up. */
const DEAD_LETTER_WAIT = Duration.minutes(15);
/** How long a deferred task may be in its queue: SQS delays it by 15 minutes at most. */
const DEFERRED_WAIT = Duration.minutes(30);

/** The alarms by their names. */
export function alarmSpecs(
  parts: WatchedParts,
  settings: Settings,
): Readonly<Record<string, AlarmSpec>> {
  return {
    ...taskAlarms(parts, settings),
    ...functionAlarms(parts),
    ...runAlarms(parts, settings),
    ...costAlarms(parts, settings),
  };
}

function taskAlarms(
  { stack, taskQueue, deferred, deadLetters, deferredDeadLetters }: WatchedParts,
  { oldestTaskAlarmHours }: Settings,
): Record<string, AlarmSpec> {
  const oldest = (queue: string) =>
    ofAws('AWS/SQS', 'ApproximateAgeOfOldestMessage', queue, { statistic: 'Maximum' });
  return {
    DeadLetters: {
      heading: 'Dead letters',
      ...once(1),
      metric: own(stack, 'DeadTasks', {}),
      about: 'A task ended its workers again and again, or a message cannot be read.',
    },
    DeadLettersStay: {
      heading: 'Dead letters stay',
      ...once(DEAD_LETTER_WAIT.toSeconds()),
      metric: formula(
        'MAX([tasks, deferred])',
        { tasks: oldest(deadLetters), deferred: oldest(deferredDeadLetters) },
        'age of the oldest, s',
      ),
      about: 'Dead tasks are not taken up: the runs that they are of cannot end.',
    },
    DeferredTasksStay: {
      heading: 'Deferred tasks stay',
      ...once(DEFERRED_WAIT.toSeconds()),
      metric: oldest(deferred),
      about: 'Deferred tasks do not go back to the task queue when their time has come.',
    },
    OldestTask: {
      heading: 'Oldest task',
      ...once(oldestTaskAlarmHours * 3600),
      metric: oldest(taskQueue),
      about: `A task has waited for ${oldestTaskAlarmHours} hours; after 14 days SQS drops it.`,
    },
  };
}

function functionAlarms({ stack, table, functions }: WatchedParts): Record<string, AlarmSpec> {
  const each = (name: string) => {
    const all = functions.map((one, at) => [`f${at}`, ofAws('AWS/Lambda', name, one.name)]);
    return Object.fromEntries(all);
  };
  const broken = own(stack, 'TasksEnded', { End: 'broken' });
  const ofTable = (name: string) => ofAws('AWS/DynamoDB', name, table);
  return {
    Errors: {
      heading: 'Errors',
      ...once(1),
      metric: sum({ ...each('Errors'), broken }, 'errors'),
      about: 'A function failed or was ended, or a task broke on the crawler or on AWS.',
    },
    Throttles: {
      heading: 'Throttles',
      threshold: 1,
      datapoints: 3,
      periods: 3,
      metric: sum(
        {
          ...each('Throttles'),
          reads: ofTable('ReadThrottleEvents'),
          writes: ofTable('WriteThrottleEvents'),
        },
        'throttles',
      ),
      about: 'AWS has held functions or the table back for a quarter of an hour.',
    },
  };
}

function runAlarms(
  { stack, taskQueue, seederFailures }: WatchedParts,
  { failureAlarmPercent, noProgressAlarmMinutes }: Settings,
): Record<string, AlarmSpec> {
  const settled = settledBy(stack);
  const waiting = ofAws('AWS/SQS', 'ApproximateNumberOfMessagesVisible', taskQueue, {
    statistic: 'Maximum',
  });
  const periods = noProgressAlarmMinutes / PERIOD.toMinutes();
  const all = '(succeeded + failed + skipped)';
  const failed = ofAws('AWS/SQS', 'ApproximateNumberOfMessagesVisible', seederFailures, {
    statistic: 'Maximum',
  });
  return {
    SeedingFailed: {
      heading: 'Seeding failed',
      ...once(1),
      metric: failed,
      about: 'The seeder failed three times with one event: a list that was put may be no run yet.',
    },
    FailureRatio: {
      heading: 'Failure ratio',
      threshold: failureAlarmPercent,
      datapoints: 3,
      periods: 3,
      metric: formula(
        `IF(${all} >= ${FEW_TARGETS}, 100 * failed / ${all}, 0)`,
        settled,
        'failed, percent',
      ),
      about: `At least ${failureAlarmPercent} % of the targets have failed for a quarter of an hour.`,
    },
    NoProgress: {
      heading: 'No progress',
      threshold: 1,
      datapoints: periods,
      periods,
      metric: formula(
        `IF(waiting > 0 AND ${all} == 0, 1, 0)`,
        { ...settled, waiting },
        'tasks wait, nothing is settled',
      ),
      about: `Tasks have waited for ${noProgressAlarmMinutes} minutes, and nothing was settled.`,
    },
  };
}

function costAlarms(
  { stack }: WatchedParts,
  { costAlarmPerHour }: Settings,
): Record<string, AlarmSpec> {
  if (costAlarmPerHour === 0) return {};
  return {
    CostPerHour: {
      heading: 'Cost per hour',
      ...once(costAlarmPerHour),
      metric: own(stack, 'EstimatedCost', {}, { period: Duration.hours(1) }),
      about: `An estimated $${costAlarmPerHour} or more were spent within an hour.`,
    },
  };
}

function once(threshold: number) {
  return { threshold, datapoints: 1, periods: 1 };
}

function sum(metrics: Readonly<Record<string, IMetric>>, label: string): IMetric {
  return formula(Object.keys(metrics).join(' + '), metrics, label);
}

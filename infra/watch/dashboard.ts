import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard as AwsDashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { RUN_PROPERTY } from '../../contract/metrics.ts';
import { formula, ofAws, own, ownByEach, settledBy, type WatchedParts } from './metrics.ts';

/** Cells of a row of a dashboard. */
const WIDTH = 24;
const HEIGHT = 6;
const HOUR = Duration.hours(1);

/** One page that says how the crawler is. Its first row: does it move, is it healthy, what does it cost. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, parts: WatchedParts, alarms: readonly IAlarm[]) {
    super(scope, id);
    new AwsDashboard(this, 'Dashboard', {
      dashboardName: parts.stack,
      defaultInterval: Duration.hours(3),
      widgets: [
        firstRow(parts, alarms),
        targetsRow(parts),
        tasksRow(parts),
        functionsRow(parts),
        keptRow(parts),
        runsRow(parts),
      ],
    });
  }
}

function firstRow({ stack, taskQueue }: WatchedParts, alarms: readonly IAlarm[]): IWidget[] {
  const speeds = Object.entries(settledBy(stack)).map(([status, metric]) =>
    perSecond(status, metric),
  );
  const cost = (look: object) => own(stack, 'EstimatedCost', {}, { label: 'US dollars', ...look });
  return [
    graph('Is it moving? Targets settled per second, tasks that wait', 9, speeds, {
      stacked: true,
      right: [visible(taskQueue, 'tasks waiting')],
    }),
    new AlarmStatusWidget({
      title: 'Is it healthy?',
      alarms: [...alarms],
      width: 6,
      height: HEIGHT,
    }),
    graph('What does it cost? US dollars an hour, estimated', 6, [cost({ period: HOUR })]),
    new SingleValueWidget({
      title: 'In this time',
      width: 3,
      height: HEIGHT,
      metrics: [cost({})],
      setPeriodToTimeRange: true,
    }),
  ];
}

function targetsRow({ stack }: WatchedParts): IWidget[] {
  const time = (statistic: string) => own(stack, 'FetchTime', {}, { statistic, label: statistic });
  const bytes = perSecond('bytes', own(stack, 'BytesKept', {}));
  const saved = perSecond('saved', own(stack, 'BytesSaved', {}));
  const unchanged = own(stack, 'ImagesUnchanged', {}, { label: 'unchanged images' });
  return [
    graph('Why targets did not succeed', 8, [ownByEach(stack, 'TargetsSettled', 'Reason')], {
      stacked: true,
    }),
    graph('Fetch time, ms', 8, ['p50', 'p90', 'p99'].map(time)),
    graph('Images kept and not downloaded again, bytes per second', 8, [bytes, saved], {
      right: [unchanged],
    }),
  ];
}

function tasksRow({ stack, taskQueue, deferred }: WatchedParts): IWidget[] {
  const inFlight = ofAws('AWS/SQS', 'ApproximateNumberOfMessagesNotVisible', taskQueue, {
    statistic: 'Maximum',
    label: 'out, or waiting for a host',
  });
  const delayed = ofAws('AWS/SQS', 'ApproximateNumberOfMessagesDelayed', deferred, {
    statistic: 'Maximum',
    label: 'deferred',
  });
  const age = ofAws('AWS/SQS', 'ApproximateAgeOfOldestMessage', taskQueue, {
    statistic: 'Maximum',
    label: 'age of the oldest, s',
  });
  const ends = (['done', 'broken', 'poison'] as const).map((End) =>
    own(stack, 'TasksEnded', { End }, { label: End }),
  );
  const shy = (
    ['Retries', 'TargetsDeferred', 'HostsBackedOff', 'DeferredTasks', 'RobotsRefusals'] as const
  ).map((name) => own(stack, name, {}, { label: SHY[name] }));
  return [
    graph('Tasks', 8, [visible(taskQueue, 'waiting'), inFlight, delayed], { right: [age] }),
    graph('How deliveries of tasks ended', 8, ends, { stacked: true }),
    graph('What sites ask of us', 8, shy),
  ];
}

const SHY = {
  Retries: 'attempts to be made again',
  TargetsDeferred: 'targets that left their task',
  HostsBackedOff: 'hosts paused',
  DeferredTasks: 'deferred tasks that came back',
  RobotsRefusals: 'targets not wanted crawled',
} as const;

function functionsRow({ stack, worker, functions }: WatchedParts): IWidget[] {
  const duration = (statistic: string) =>
    ofAws('AWS/Lambda', 'Duration', worker, { statistic, label: statistic });
  const atOnce = ofAws('AWS/Lambda', 'ConcurrentExecutions', worker, {
    statistic: 'Maximum',
    label: 'at once',
  });
  const starts = (['seeder', 'worker', 'deferral', 'dead-letter', 'finisher'] as const).map(
    (name) => own(stack, 'ColdStarts', { Function: name }, { label: name }),
  );
  const troubles = ['Errors', 'Throttles'].flatMap((name) =>
    functions.map((one) => {
      return ofAws('AWS/Lambda', name, one.name, { label: `${name}: ${one.label}` });
    }),
  );
  return [
    graph('Workers: duration, ms', 8, [duration('p50'), duration('p99'), duration('Maximum')], {
      right: [atOnce],
    }),
    graph('Errors and throttles of functions', 8, troubles),
    graph('Cold starts', 8, starts, { stacked: true }),
  ];
}

function keptRow({ stack, table, deadLetters, deferredDeadLetters }: WatchedParts): IWidget[] {
  const ofTable = (name: string, label: string) => ofAws('AWS/DynamoDB', name, table, { label });
  return [
    graph(
      'Table: units used, throttles',
      12,
      [
        ofTable('ConsumedWriteCapacityUnits', 'write units'),
        ofTable('ConsumedReadCapacityUnits', 'read units'),
      ],
      {
        right: [
          ofTable('WriteThrottleEvents', 'writes throttled'),
          ofTable('ReadThrottleEvents', 'reads throttled'),
        ],
      },
    ),
    graph('Dead letters', 12, [
      own(stack, 'DeadTasks', {}, { label: 'tasks that came' }),
      own(stack, 'DeadLetters', {}, { label: 'targets and messages given up' }),
      visible(deadLetters, 'waiting'),
      visible(deferredDeadLetters, 'waiting, of deferred ones'),
    ]),
  ];
}

function runsRow({ logs }: WatchedParts): IWidget[] {
  return [
    new LogQueryWidget({
      title: 'Runs: estimated cost, images',
      width: WIDTH,
      height: HEIGHT,
      logGroupNames: [...logs],
      view: LogQueryVisualizationType.TABLE,
      queryLines: [
        'filter ispresent(EstimatedCost)',
        `stats sum(EstimatedCost) as dollars, sum(BytesKept) as bytes, max(@timestamp) as lastSeen by ${RUN_PROPERTY}`,
        'sort lastSeen desc',
        'limit 20',
      ],
    }),
  ];
}

/** `name` is its label and its name in the formula: no two of a graph may share it. */
function perSecond(name: string, metric: IMetric): IMetric {
  return formula(`${name} / PERIOD(${name})`, { [name]: metric }, name);
}

function visible(queue: string, label: string): IMetric {
  const name = 'ApproximateNumberOfMessagesVisible';
  return ofAws('AWS/SQS', name, queue, { statistic: 'Maximum', label });
}

function graph(
  title: string,
  width: number,
  left: readonly IMetric[],
  {
    right = [],
    stacked = false,
  }: { readonly right?: readonly IMetric[]; readonly stacked?: boolean } = {},
): IWidget {
  const axis = { min: 0, showUnits: false };
  return new GraphWidget({
    title,
    width,
    height: HEIGHT,
    left: [...left],
    right: [...right],
    stacked,
    leftYAxis: axis,
    rightYAxis: axis,
  });
}

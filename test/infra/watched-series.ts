import { z } from 'zod';
import type { Synthesised } from './synthesised.ts';

/** A series that an alarm or a widget names. */
export interface Series {
  readonly namespace: string;
  readonly name: string;
  /** Its dimensions; a value that CloudFormation fills in is in angle brackets, any value is `*`. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Who names it. */
  readonly by: string;
}

/** A widget of the dashboard. */
export type Widget = z.output<typeof dashboardBody>['widgets'][number];

const text = z.unknown().transform(textOf);

const alarmProperties = z.object({
  AlarmName: z.string(),
  Metrics: z.array(
    z.object({
      Expression: z.string().optional(),
      MetricStat: z
        .object({
          Metric: z.object({
            Namespace: z.string(),
            MetricName: z.string(),
            Dimensions: z.array(z.object({ Name: z.string(), Value: text })).default([]),
          }),
        })
        .optional(),
    }),
  ),
});

const dashboardBody = z.object({
  widgets: z.array(
    z.object({
      type: z.string(),
      y: z.number(),
      properties: z.looseObject({
        title: z.string(),
        metrics: z.array(z.array(z.unknown())).default([]),
        query: z.string().default(''),
        alarms: z.array(z.string()).default([]),
      }),
    }),
  ),
});

/** The widgets of the stack's dashboard. */
export function widgetsOf(stack: Synthesised): readonly Widget[] {
  const { Properties } = stack.find('AWS::CloudWatch::Dashboard');
  return dashboardBody.parse(JSON.parse(textOf(Properties['DashboardBody']))).widgets;
}

/** All that the alarms and the dashboard of a stack name. */
export function seriesOf(stack: Synthesised): readonly Series[] {
  const ofAlarms = stack.all('AWS::CloudWatch::Alarm').flatMap(([, { Properties }]) => {
    const { AlarmName: by, Metrics } = alarmProperties.parse(Properties);
    return Metrics.flatMap(({ MetricStat }) => {
      if (MetricStat === undefined) return [];
      const { Namespace, MetricName, Dimensions } = MetricStat.Metric;
      const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
      return [{ namespace: Namespace, name: MetricName, dimensions, by }];
    });
  });
  const ofWidgets = widgetsOf(stack).flatMap(({ properties: { title: by, metrics } }) =>
    metrics.flatMap((metric) => ofMetric(metric, by)),
  );
  return [...ofAlarms, ...ofWidgets];
}

const search = z.object({ expression: z.string().startsWith('SEARCH') });

/** `[namespace, name, dimension, value, …, options]`, or a formula, or a search. */
function ofMetric(metric: readonly unknown[], by: string): readonly Series[] {
  const found = search.safeParse(metric[0]);
  if (found.success) return [ofSearch(found.data.expression, by)];
  const words = z.array(z.string()).parse(metric.filter((part) => typeof part === 'string'));
  const [namespace, name, ...rest] = words;
  if (namespace === undefined || name === undefined) return [];
  const pairs = rest.flatMap((word, at) => (at % 2 === 0 ? [[word, rest[at + 1] ?? '']] : []));
  return [{ namespace, name, dimensions: Object.fromEntries(pairs), by }];
}

/** `SEARCH('{namespace,dimension,…} dimension="value" MetricName="name"', …)` */
function ofSearch(expression: string, by: string): Series {
  const [namespace = '', ...names] = /\{([^}]*)\}/.exec(expression)?.[1]?.split(',') ?? [];
  const known = [...expression.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [
    name,
    value,
  ]);
  const { MetricName = '', ...given } = z
    .record(z.string(), z.string())
    .parse(Object.fromEntries(known));
  const all = Object.fromEntries(names.map((name) => [name, given[name] ?? '*']));
  return { namespace, name: MetricName, dimensions: all, by };
}

const join = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });
const reference = z.object({ Ref: z.string() }).transform(({ Ref }) => Ref);
const attribute = z
  .object({ 'Fn::GetAtt': z.array(z.string()) })
  .transform((of) => of['Fn::GetAtt'].join('.'));
const filledIn = z.union([reference, attribute]);

/** A text of the template, with names of resources for what CloudFormation fills in. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const joined = join.safeParse(value);
  if (joined.success) return joined.data['Fn::Join'][1].map(textOf).join('');
  return `<${filledIn.parse(value)}>`;
}

import { z } from 'zod';

const emfLine = z.looseObject({
  _aws: z.looseObject({
    CloudWatchMetrics: z.array(
      z.looseObject({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.looseObject({ Name: z.string() })),
      }),
    ),
  }),
});

/** A line that CloudWatch makes metrics of. */
export type EmfLine = z.output<typeof emfLine>;

/** A series that a line adds to, and what it adds. */
export interface Emitted {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

const values = z.union([z.number(), z.array(z.number()).min(1).max(100)]);

/** What CloudWatch would make of a line. Throws where a line names what it does not have. */
export function emittedBy(line: EmfLine): readonly Emitted[] {
  return line._aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const pairs = names.map((name) => [name, z.string().min(1).max(1024).parse(line[name])]);
      const dimensions = Object.fromEntries(pairs);
      return Metrics.map(({ Name: name }) => {
        return { namespace, name, dimensions, values: [values.parse(line[name])].flat() };
      });
    }),
  );
}

/** The lines of a log, each a JSON object, parted in those with metrics and the others. */
export function readLog(text: string) {
  const lines = text.split('\n').filter((line) => line !== '');
  const objects = lines.map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
  const metrics = objects.flatMap((one) => ('_aws' in one ? [emfLine.parse(one)] : []));
  return { metrics, others: objects.filter((one) => !('_aws' in one)) };
}

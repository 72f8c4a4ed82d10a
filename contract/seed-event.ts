import * as z from 'zod';

const time = z.iso.datetime().transform((text) => Date.parse(text));

/** From the command, or from a seeder that goes on. */
const byRun = z
  .object({ runId: z.string().min(1).max(64), wake: z.boolean().default(false) })
  .transform(({ runId, wake }) => ({ kind: 'run' as const, runId, wake }));

/** What EventBridge tells of an object that was put into the bucket for lists. */
const dropped = z
  .object({
    source: z.literal('aws.s3'),
    time,
    detail: z.object({
      bucket: z.object({ name: z.string().min(1) }),
      object: z.object({ key: z.string().min(1), etag: z.string().optional() }),
    }),
  })
  .transform(({ time: offeredMs, detail: { bucket, object } }) => {
    return { kind: 'list' as const, offeredMs, bucket: bucket.name, ...object };
  });

/** What a schedule of the stack says. */
const scheduled = z
  .object({ scheduled: z.string().min(1), time, maxAgeHours: z.number().min(0).optional() })
  .transform(({ scheduled: key, time: offeredMs, maxAgeHours }) => {
    const maxAgeMs = maxAgeHours === undefined ? undefined : maxAgeHours * 3_600_000;
    return { kind: 'list' as const, offeredMs, key, maxAgeMs };
  });

/** What a schedule of the stack says every few minutes. */
const watch = z.object({ watch: z.literal(true) }).transform(() => ({ kind: 'watch' as const }));

const seedEvent = z.union([byRun, dropped, scheduled, watch]);

/** What people and functions invoke the seeder with. */
export type SeedEvent = z.input<typeof byRun>;
/** What the seeder is to do: seed a run that is known, begin one of a list, or look after all runs. */
export type SeedOrder = z.output<typeof seedEvent>;

/** Reads the event of the seeder. Throws when it names neither a run nor a list. */
export function parseSeedEvent(event: unknown): SeedOrder {
  const parsed = seedEvent.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new Error(`bad seed event:\n${z.prettifyError(parsed.error)}`);
}

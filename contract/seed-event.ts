import { z } from 'zod';

const seedEvent = z.object({ runId: z.string().min(1).max(64) });

/** What the seeder is invoked with. */
export type SeedEvent = z.output<typeof seedEvent>;

/** Reads the event of the seeder. Throws when it names no run. */
export function parseSeedEvent(event: unknown): SeedEvent {
  const parsed = seedEvent.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new Error(`bad seed event:\n${z.prettifyError(parsed.error)}`);
}

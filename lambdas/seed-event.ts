import { parseSeedEvent } from '../contract/seed-event.ts';
import type { Seeder } from '../core/ports/seeder.ts';
import { type SeedPorts, seed } from '../core/seed.ts';
import { log } from './log.ts';
import type { Invocation } from './work-event.ts';

/** Seeds the run that an event names, and hands over to the next invocation when time runs out. */
export async function seedEvent(
  event: unknown,
  context: Invocation,
  { seeder, ...ports }: SeedPorts & { readonly seeder: Seeder },
): Promise<void> {
  const { runId } = parseSeedEvent(event);
  const deadlineMs = ports.clock.now() + context.getRemainingTimeInMillis();
  const seeded = await seed(runId, deadlineMs, ports);
  log('info', `seeding ${seeded.kind}`, { runId });
  if (seeded.kind === 'hand-over') await seeder.start(runId);
}

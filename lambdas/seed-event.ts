import type { Telemetry } from '../adapters/telemetry/telemetry.ts';
import { parseSeedEvent } from '../contract/seed-event.ts';
import type { Seeder } from '../core/ports/seeder.ts';
import { type SeedPorts, seed } from '../core/seed.ts';
import type { Invocation } from './work-event.ts';

interface Ports extends SeedPorts {
  readonly seeder: Seeder;
  readonly telemetry: Telemetry;
}

/** Seeds the run that an event names, and hands over to the next invocation when time runs out. */
export async function seedEvent(
  event: unknown,
  context: Invocation,
  { seeder, telemetry, ...ports }: Ports,
): Promise<void> {
  const { runId } = parseSeedEvent(event);
  telemetry.worksFor(runId);
  const deadlineMs = ports.clock.now() + context.getRemainingTimeInMillis();
  const seeded = await seed(runId, deadlineMs, ports);
  telemetry.log.info(`seeding ${seeded.kind}`, { runId });
  if (seeded.kind === 'hand-over') await seeder.start(runId);
}

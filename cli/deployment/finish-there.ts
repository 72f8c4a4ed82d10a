import type { Run } from '../../core/model/run.ts';
import type { FinishSums } from '../../core/model/run-finish.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Finisher } from '../../core/ports/seeder.ts';

/** Dependencies of waiting for a finisher. */
interface FinishingPorts {
  readonly archive: { read(runId: string): Promise<Run | undefined> };
  readonly finisher: Finisher;
  readonly clock: Clock;
}

/** How often the record of the run is read, in milliseconds. */
const LOOK_MS = 1000;
/** Without a sign of life for so long nobody finishes the run: an invocation is shorter. In milliseconds. */
const SILENCE_MS = 20 * 60_000;

/**
 * Starts the finisher of a stack, and waits for its end; undefined when the run goes on, or nothing is
 * heard of it.
 */
export async function finishThere(
  { runId, finish: before }: Run,
  { archive, finisher, clock }: FinishingPorts,
): Promise<FinishSums | undefined> {
  await finisher.finish(runId);
  for (let heardMs = clock.now(); clock.now() - heardMs < SILENCE_MS; ) {
    await clock.sleep(LOOK_MS);
    const run = await archive.read(runId);
    if (run === undefined || run.seeding !== 'finished') return undefined;
    const { finish } = run;
    if (finish === undefined || finish.by === before?.by) continue;
    if (finish.sums !== undefined) return finish.sums;
    heardMs = Math.max(heardMs, finish.movedMs);
  }
  return undefined;
}

import { WORKER_LIFE_MS } from '../../adapters/finish/worker-life.ts';
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts';
import { parseSeedEvent, type SeedOrder } from '../../contract/seed-event.ts';
import type { Finisher, Seeder } from '../../core/ports/seeder.ts';
import { type BeginPorts, beginList } from '../../core/seed/begin-list.ts';
import { type SeedPorts, seed } from '../../core/seed/seed.ts';
import { watchRuns } from '../../core/seed/watch-runs.ts';
import type { Invocation } from '../worker/work-event.ts';

type Ports = SeedPorts & {
  readonly seeder: Seeder;
  readonly finisher: Finisher;
  readonly telemetry: Telemetry;
  readonly begin: Omit<BeginPorts, 'runs'>;
};

/**
 * Seeds the run that an event names, or that it makes of a list; hands over to the next invocation
 * when time runs out. Or takes up all runs that stand still.
 */
export async function seedEvent(
  event: unknown,
  context: Invocation,
  { seeder, finisher, begin, telemetry, ...ports }: Ports,
): Promise<void> {
  const deadlineMs = ports.clock.now() + context.getRemainingTimeInMillis();
  const order = parseSeedEvent(event);
  if (order.kind === 'watch') {
    const { still, ended } = await watchRuns({
      ...ports,
      seeder,
      finisher,
      workerLifeMs: WORKER_LIFE_MS,
    });
    for (const runId of still) telemetry.log.error('run stood still, and is taken up', { runId });
    for (const runId of ended) telemetry.log.info('run has ended, and is finished', { runId });
    return;
  }
  const beginning = { ...begin, telemetry, runs: ports.ledger.runs };
  const wake = order.kind === 'run' && order.wake;
  const runId = await runOf(order, beginning);
  if (runId === undefined) return;
  telemetry.worksFor(runId);
  const onFault = (error: unknown) =>
    telemetry.log.error('seeding broke, and tries again', { runId, error: String(error) });
  const seeded = await seed({ runId, wake }, deadlineMs, { ...ports, onFault });
  telemetry.log.info(`seeding ${seeded.kind}`, { runId });
  if (seeded.kind === 'hand-over') await seeder.start(runId);
}

async function runOf(
  order: Exclude<SeedOrder, { kind: 'watch' }>,
  { telemetry, ...ports }: BeginPorts & Pick<Ports, 'telemetry'>,
): Promise<string | undefined> {
  if (order.kind === 'run') return order.runId;
  const begun = await beginList(order, ports);
  const { key } = order;
  if (begun.kind === 'begun') {
    telemetry.log.info('list begun', { runId: begun.runId, key });
    return begun.runId;
  }
  // Nothing that another try would change: the list is to be put again.
  telemetry.log.error('list refused', { key, problem: begun.problem });
  return undefined;
}

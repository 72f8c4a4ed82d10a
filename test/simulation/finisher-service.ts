import type { EndedLine } from '../../adapters/finish/ended-run.ts';
import type { InvocationPorts } from '../../adapters/finish/finish-invocation.ts';
import type { ShardShelf } from '../../adapters/shards/shard-shelf.ts';
import type { FinishOrder } from '../../contract/finish-event.ts';
import { groupOfUrl } from '../../core/model/host-group.ts';
import { progressOf } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import { groupingOf } from '../../core/model/run-grouping.ts';
import { instead } from '../instead.ts';
import { RUN_ID } from '../worker/records.ts';
import type { SimProcess } from './sim-process.ts';
import type { SimWorld } from './sim-world.ts';
import { clockOf } from './wire.ts';

/** Lambda's own tries of an event that nobody waits for, in milliseconds after a failure. */
const AGAIN_MS = [60_000, 120_000];
/** When the seeder sees that nobody finishes the run, in milliseconds. */
const NOTICED_MS = 1_800_000;
/** A run that does not end by then never does. */
const MAX_NOTICES = 10;

/** What Lambda does with events for the finisher; each invocation has time for one step. */
export class FinisherService {
  readonly #world: SimWorld;
  /** Power cuts so far: no event outlives one. */
  #cuts = 0;
  #isBegun = false;
  #isFinished = false;

  constructor(world: SimWorld) {
    this.#world = world;
  }

  async goOn(order: FinishOrder): Promise<void> {
    this.invoke(order);
  }

  /** Takes an event; its invocations are tried three times, then the seeder starts the finisher again. */
  invoke(order: FinishOrder, failures = 0): void {
    const cuts = this.#cuts;
    this.#isBegun = true;
    const process = this.#world.start('finisher');
    const job = this.#finish(process, order).then(() => 'done' as const);
    const failed = () => {
      process.die();
      if (cuts === this.#cuts) this.#again(order, failures);
    };
    void Promise.race([job, process.death]).then((end) => {
      if (end === 'dead') failed();
      else this.#world.end(process);
    }, failed);
  }

  /** Nothing is left of any event; who goes on with the run finishes it when it has ended again. */
  cutPower(): void {
    this.#cuts += 1;
    if (this.#isBegun && !this.#isFinished) this.#notice();
  }

  #notice(times = 1): void {
    const cuts = this.#cuts;
    this.#world.clock.schedule(NOTICED_MS, () => {
      if (cuts !== this.#cuts || times === MAX_NOTICES) return;
      if (this.#hasEnded(this.#world.currentRun)) this.invoke({ runId: RUN_ID });
      else this.#notice(times + 1);
    });
  }

  #again(order: FinishOrder, failures: number): void {
    const againMs = AGAIN_MS[failures];
    const cuts = this.#cuts;
    const invoke = () => {
      if (cuts !== this.#cuts) return;
      if (againMs === undefined) this.invoke({ runId: RUN_ID });
      else this.invoke(order, failures + 1);
    };
    this.#world.clock.schedule(againMs ?? NOTICED_MS, invoke);
  }

  async #finish(process: SimProcess, order: FinishOrder): Promise<void> {
    const { ports, wire } = this.#world;
    const end = await ports.finish(order, () => true, this.#portsOf(process));
    if (end.kind === 'finished') this.#isFinished = true;
    if (end.kind === 'hand-over')
      await wire.connect<Pick<FinisherService, 'goOn'>>(process, this).goOn(end.order);
  }

  #portsOf(process: SimProcess): InvocationPorts {
    const { clock, shards, wire } = this.#world;
    const { ledger } = this.#world.portsOf(process);
    const shelf = this.#shelfOf(process);
    const put = (key: string, text: string) => shards.put(key, Buffer.from(text));
    return {
      shelf,
      ledger: ledger.results,
      runs: ledger.runs,
      clock: clockOf(process, clock),
      newName: () => this.#world.newShardName(),
      tables: {
        write: async (key, rows) => {
          const lines: string[] = [];
          for await (const row of rows) lines.push(JSON.stringify(row));
          await wire.call(process, 'write', [key], () => put(key, lines.join('\n')));
        },
      },
      freeShards: async (uris) => uris,
      hasEnded: async (run) => this.#hasEnded(run),
      readEnded: async (run) => this.#endedRun(run),
    };
  }

  #shelfOf(process: SimProcess): ShardShelf {
    const { shards, wire } = this.#world;
    const list = async function* (prefix: string) {
      yield* await wire.call(process, 'list', [prefix], async () => shards.list(prefix));
    };
    return instead(wire.connect(process, shards), { list, uriOf: (key) => shards.uriOf(key) });
  }

  #hasEnded(run: Run | undefined): boolean {
    const sums = this.#world.ledger.tasks.sumsNow(RUN_ID);
    return run !== undefined && progressOf(run, sums).ended;
  }

  #endedRun(run: Run) {
    const { ledger } = this.#world;
    const groupOf = (url: string) => groupOfUrl(url, groupingOf(run));
    const groups = Map.groupBy(ledger.results.all(RUN_ID), ({ url }) => groupOf(url));
    return {
      runId: RUN_ID,
      groups: [...groups].map(([group, { length }]) => ({ group, results: length })),
      async *linesOf(group: string): AsyncGenerator<EndedLine> {
        const all = ledger.results.all(RUN_ID);
        for (const result of all)
          if (groupOf(result.url) === group) yield { kind: 'settled', result };
      },
      graceMs: 0,
    };
  }
}
